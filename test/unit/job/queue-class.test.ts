import { expect, test } from 'vitest';
import { encodersOfClass, queueClass, serves } from '../../../shared/job/queue-class.ts';

test('a class is the same whatever the order of its encoders', () => {
  expect(queueClass(['libx264', 'aac', 'aac'])).toBe('aac+libx264');
  expect(queueClass(['aac', 'libx264'])).toBe('aac+libx264');
});

test('a task without needs is for any worker', () => {
  expect(queueClass([])).toBe('any');
  expect(serves([], 'any')).toBe(true);
});

test('a worker serves a class when it proved every encoder of it', () => {
  expect(serves(['aac', 'libx264', 'libx265'], 'aac+libx264')).toBe(true);
  expect(serves(['libx264'], 'aac+libx264')).toBe(false);
});

test('the encoders of a class can be read from its name', () => {
  expect(encodersOfClass('aac+libx264')).toEqual(['aac', 'libx264']);
  expect(encodersOfClass('any')).toEqual([]);
});
