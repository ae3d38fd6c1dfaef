import { expect, test } from 'vitest';
import { needsOfTask } from '../../../shared/job/needs-of-task.ts';
import { pathVariableOf, splitPathName } from '../../../shared/job/path-variable.ts';
import type { Target, TaskSpec } from '../../../shared/job/task.ts';

const target = { output: '${archive}/out.mp4', parts: '${archive}/.ffmill-1' } as Target;
const input = '${media}/in.mkv';
const scratch = '${scratch}/1';
const pathsOf = (spec: Partial<TaskSpec>, of = input) =>
  needsOfTask({ encoders: [], spec: spec as TaskSpec }, of).paths.join(' ');

test('a task needs the variables of all the files that it opens', () => {
  expect(pathsOf({ kind: 'probe', input, scratch, target })).toBe('archive media scratch');
  expect(pathsOf({ kind: 'segment', source: input, scratch })).toBe('media scratch');
  expect(pathsOf({ kind: 'audio', source: input, scratch })).toBe('media scratch');
  expect(pathsOf({ kind: 'assemble', input, source: input, target })).toBe('archive media scratch');
  expect(pathsOf({ kind: 'transcode', input, source: input, target })).toBe('archive media');
});

test('who reads a copy in scratch needs the storage of the job all the same', () => {
  expect(pathsOf({ kind: 'segment', source: '${scratch}/1/source.mkv', scratch })).toBe('media scratch');
  expect(pathsOf({ kind: 'transcode', input, source: '${scratch}/1/source.mkv', target })).toBe(
    'archive media scratch',
  );
});

test('an absolute name needs a worker that takes its own', () => {
  expect(pathsOf({ kind: 'segment', source: '/in.mkv', scratch }, '/in.mkv')).toBe('/ scratch');
});

test('the encoders count too, each once', () => {
  const spec = { kind: 'segment', source: input, scratch } as TaskSpec;
  expect(needsOfTask({ encoders: ['libx264', 'aac', 'aac'], spec }, input).encoders).toEqual(['aac', 'libx264']);
});

test.for([
  ['${media}/in.mkv', 'media', '/in.mkv'],
  ['${media}', 'media', ''],
  ['${a_1}/${b}/c', 'a_1', '/${b}/c'],
  ['${media}\n/x', undefined, undefined],
  ['${media}x/y', undefined, undefined],
  ['${Media}/x', undefined, undefined],
  ['/${media}/x', undefined, undefined],
] as const)('%j begins with the variable %j', ([name, variable, rest]) => {
  expect(splitPathName(name)).toEqual(variable === undefined ? undefined : { variable, rest });
  expect(pathVariableOf(name)).toBe(variable ?? '/');
});
