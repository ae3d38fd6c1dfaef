import { execFileSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, read, repoFiles } from './repo-files.ts';

const BINARY = /\.(png|jpe?g|gif|ico|woff2?|mkv|mp4|mov|webm|wav|flac|gz|tgz)$/;
/** Folders whose names mean the same on every machine: documents and images may speak of them. */
const STANDARD = /^\/(app|bin|dev|etc|lib|mnt|opt|proc|run|srv|sys|tmp|usr|var)?(\/|$)/;

const texts = repoFiles()
  .filter((file) => !BINARY.test(file))
  .map((file) => ({ file, text: read(file) }));
const filesWith = (pattern: RegExp) => texts.filter(({ text }) => pattern.test(text)).map(({ file }) => file);
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

test('no file names a folder of the machine it was written on', () => {
  const machines = [ROOT, path.dirname(ROOT), homedir()].filter((folder) => !STANDARD.test(folder)).map(escaped);
  const folder = machines.length > 0 ? `(${machines.join('|')})(?![\\w-])|` : '';
  expect(filesWith(new RegExp(`(^|[^\\w.])(${folder}/(home|Users)/[a-z][\\w.-]*/)`, 'm'))).toEqual([]);
});

test('no link is tracked: it would lead to wherever it led on that machine', () => {
  const tracked = execFileSync('git', ['ls-files', '--stage'], { cwd: ROOT, encoding: 'utf8' }).split('\n');
  expect(tracked.filter((line) => line.startsWith('120000 '))).toEqual([]);
});

test('no file names a package registry', () => {
  expect(filesWith(/\bregistry\.[a-z0-9-]+\.[a-z]{2,}|^\s*registry\s*=|_auth[T]oken/m)).toEqual([]);
});

test('every file ends with a newline and has Unix line ends', () => {
  expect(texts.filter(({ text }) => text !== '' && !text.endsWith('\n')).map(({ file }) => file)).toEqual([]);
  expect(filesWith(/\r\n/)).toEqual([]);
});
