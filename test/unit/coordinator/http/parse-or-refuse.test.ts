import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseOrRefuse } from '../../../../services/coordinator/http/parse-or-refuse.ts';
import { AppError } from '../../../../shared/errors.ts';
import { jobRequestBody } from '../../../../shared/wire/jobs.ts';

function problems(schema: z.ZodType, value: unknown) {
  try {
    parseOrRefuse(schema, value, 'body');
  } catch (error) {
    if (error instanceof AppError) return error.problems.map(({ pointer, message }) => `${pointer} ${message}`);
    throw error;
  }
  return [];
}

const request = (fields: Record<string, unknown>) =>
  problems(jobRequestBody, { input: '/in.mkv', output: '/out.mkv', ...fields });

test.each([
  ['an unknown field', { proflie: 'h264' }, '/proflie is not a known field'],
  ['an unknown field further in', { segment: { lenght: 3 } }, '/segment/lenght is not a known field'],
  ['a negative number', { priority: -1 }, '/priority must be at least 0'],
  ['a number that is too large', { crf: 64 }, '/crf must be at most 63'],
  ['NaN as text', { crf: 'NaN' }, '/crf must be a number'],
  ['a fraction', { width: 640.5 }, '/width must be a whole number'],
  ['a wrong type', { overwrite: 'yes' }, '/overwrite must be true or false'],
  ['a value out of a set', { verify: 'slow' }, '/verify must be "fast" or "full"'],
  ['a bit rate of the wrong form', { video_bitrate: 'fast' }, '/video_bitrate is not a bit rate such as 2500k or 5M'],
  ['a bit rate below zero', { video_bitrate: -5 }, '/video_bitrate must be above 0'],
  ['a NUL character in a path', { input: '/in\0.mkv' }, '/input holds a NUL character'],
  ['an entry of a list', { labels: ['a', ''] }, '/labels/1 must have at least 1 characters'],
])('%s is named in words', (_name, fields, expected) => {
  expect(request(fields)).toEqual([expected]);
});

test('a missing field and a body that is no object are told apart', () => {
  expect(problems(jobRequestBody, { input: '/in.mkv' })).toEqual(['/output is missing']);
  expect(problems(jobRequestBody, [])).toEqual([' must be an object']);
});

test('pointers escape what would end a step', () => {
  expect(problems(z.strictObject({}), { 'a/b~c': 1 })).toEqual(['/a~1b~0c is not a known field']);
});
