import { describe, expect, test } from 'vitest';
import { JOB_OPTIONS } from '../../../services/cli/job-options.ts';
import { jobRequest, numberOption, optionOfPointer, wholeNumberOption } from '../../../services/cli/job-request.ts';
import { UsageError } from '../../../services/cli/usage-error.ts';
import { jobRequestBody } from '../../../shared/wire/jobs.ts';

describe('jobRequest', () => {
  test('says nothing but the files when no option is given, so that the farm fills in its defaults', () => {
    expect(jobRequest('/videos', ['in.mkv', '../out.mp4'], {})).toEqual({
      input: '/videos/in.mkv',
      output: '/out.mp4',
    });
  });

  test.each([
    { operand: '/abs/in.mkv', name: '/abs/in.mkv' },
    { operand: '-rf', name: '/videos/-rf' },
    { operand: 'two words\nand a line', name: '/videos/two words\nand a line' },
    { operand: '${media}/in.mkv', name: '${media}/in.mkv' },
    { operand: './${media}/in.mkv', name: '/videos/${media}/in.mkv' },
  ])('makes $operand the name $name', ({ operand, name }) => {
    expect(jobRequest('/videos', [operand, 'out'], {}).input).toBe(name);
  });

  test('every option becomes a field that the API knows', () => {
    const given = Object.entries(JOB_OPTIONS).map(([name, { value }]) => [name, value === null ? true : VALUES[name]]);
    const request = jobRequest('/', ['in', 'out'], Object.fromEntries(given));
    expect(jobRequestBody.safeParse(request).error).toBeUndefined();
    expect(Object.keys(request)).toHaveLength(given.length + 2);
  });

  test.each([
    { segment: 'auto', policy: { mode: 'auto' } },
    { segment: 'off', policy: { mode: 'off' } },
    { segment: '12.5', policy: { mode: 'fixed', seconds: 12.5 } },
  ])('--segment $segment', ({ segment, policy }) => {
    expect(jobRequest('/', ['in', 'out'], { segment }).segment).toEqual(policy);
  });

  test.each([
    { segment: 'often' },
    { segment: '' },
    { segment: 'NaN' },
    { crf: 'x' },
    { crf: '' },
    { width: 'Infinity' },
  ])('refuses %o', (options) => {
    expect(() => jobRequest('/', ['in', 'out'], options)).toThrow(UsageError);
  });

  test('refuses an empty file name, which would be the folder', () => {
    expect(() => jobRequest('/', ['', 'out'], {})).toThrow(UsageError);
  });
});

const VALUES: Record<string, string> = {
  profile: 'h264',
  segment: '20',
  verify: 'full',
  'on-error': 'conceal',
  'video-codec': 'hevc',
  hardware: 'prefer',
  crf: '20',
  preset: 'fast',
  'video-bitrate': '5M',
  maxrate: '8M',
  bufsize: '8M',
  'pixel-format': 'yuv420p',
  width: '640',
  height: '360',
  'audio-codec': 'aac',
  'audio-bitrate': '128k',
  'audio-channels': '2',
  retries: '1',
};

test('a number may be negative or broken: whether it makes sense is for the farm to say', () => {
  expect(numberOption({ crf: '-1.5' }, 'crf')).toBe(-1.5);
});

test.each(['0', '-1', '1.5'])('--slots %s is refused', (slots) => {
  expect(() => wholeNumberOption({ slots }, 'slots', 1)).toThrow(UsageError);
});

test.each([
  { pointer: '/video_bitrate', option: '--video-bitrate' },
  { pointer: '/segment/seconds', option: '--segment' },
  { pointer: '/retry_attempts', option: '--retries' },
  { pointer: '/input', option: 'IN' },
])('the problem at $pointer is one of $option', ({ pointer, option }) => {
  expect(optionOfPointer({ pointer, message: '' })).toBe(option);
});
