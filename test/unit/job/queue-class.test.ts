import { expect, test } from 'vitest';
import { lackOf, needsOf, needsOfClass, queueClass, serves } from '../../../shared/job/queue-class.ts';

const classOf = (encoders: string[], paths: string[] = []) => queueClass(needsOf(encoders, paths));

test('a class is the same whatever the order of its needs', () => {
  expect(classOf(['libx264', 'aac', 'aac'], ['scratch', 'media'])).toBe('aac+libx264@media+scratch');
  expect(classOf(['aac', 'libx264'], ['media', 'scratch', 'media'])).toBe('aac+libx264@media+scratch');
});

test('a task that needs no encoder is for any worker that has the paths', () => {
  expect(classOf([])).toBe('any');
  expect(classOf([], ['media'])).toBe('any@media');
  expect(classOf([], ['scratch', '/'])).toBe('any@/+scratch');
  expect(serves({ encoders: [], paths: [] }, needsOf([], []))).toBe(true);
});

test('a worker serves a class when it has every encoder and every path variable of it', () => {
  const needs = needsOf(['aac', 'libx264'], ['media']);
  expect(serves({ encoders: ['aac', 'libx264', 'libx265'], paths: ['media', 'scratch'] }, needs)).toBe(true);
  expect(serves({ encoders: ['libx264'], paths: ['media'] }, needs)).toBe(false);
  expect(serves({ encoders: ['aac', 'libx264'], paths: ['/', 'scratch'] }, needs)).toBe(false);
});

test('what a worker lacks is named', () => {
  expect(lackOf({ encoders: ['aac'], paths: ['/'] }, needsOf(['aac', 'libx264'], ['media']))).toEqual({
    encoders: ['libx264'],
    paths: ['media'],
  });
});

test('a long name is a hash of 71 bytes, different for different needs', () => {
  const paths = Array.from({ length: 20 }, (_, index) => `archive_${index}`);
  expect(classOf(['libx264'], paths)).toMatch(/^sha256-[0-9a-f]{64}$/);
  expect(classOf(['libx265'], paths)).not.toBe(classOf(['libx264'], paths));
  expect(classOf([], ['x'.repeat(96)])).toHaveLength(100);
  expect(classOf([], ['x'.repeat(97)])).toMatch(/^sha256-/);
});

test('the needs of a class are those of its row, or those of its name in a row from before there were paths', () => {
  const needs = needsOf(['aac', 'libx264'], ['media']);
  const row = { name: 'sha256-0', needs: JSON.stringify(needs) };
  expect(needsOfClass(row)).toEqual(needs);
  expect(needsOfClass({ name: 'aac+libx264', needs: null })).toEqual(needsOf(['aac', 'libx264'], []));
  expect(needsOfClass({ name: 'any', needs: null })).toEqual(needsOf([], []));
  expect(needsOfClass({ name: queueClass(needs), needs: null })).toEqual(needs);
});
