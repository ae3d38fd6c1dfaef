import { describe, expect, test } from 'vitest';
import { parseJobRequest } from '../../../../services/coordinator/http/parse-job-request.ts';
import { AppError, type ErrorCode } from '../../../../shared/errors.ts';
import type { EncodeOptions } from '../../../../shared/job/profile.ts';
import { type JobRequestInput, jobRequestBody } from '../../../../shared/wire/jobs.ts';

type Fields = Partial<JobRequestInput>;

function parse(fields: Fields, at?: string) {
  return parseJobRequest(jobRequestBody.parse({ input: '/in.mkv', output: '/out.mkv', ...fields }), at);
}

function refusal(fields: Fields, at?: string): AppError {
  try {
    parse(fields, at);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('the request was taken');
}

const encode = (fields: Fields): EncodeOptions => parse(fields).encode;

test('a request that names two files gets the default profile and the documented defaults', () => {
  expect(parse({})).toEqual({
    kind: 'transcode',
    input: '/in.mkv',
    output: '/out.mkv',
    profile: 'h264',
    encode: {
      video_codec: 'h264',
      video_encoder: null,
      hardware: 'auto',
      preset: 'medium',
      crf: 21,
      video_bitrate: null,
      maxrate: null,
      bufsize: null,
      lossless: false,
      pixel_format: null,
      width: null,
      height: null,
      audio_codec: 'aac',
      audio_bitrate: 160_000,
      audio_channels: null,
    },
    segment: { mode: 'auto' },
    affinity: 'none',
    verify: 'fast',
    on_error: 'fail',
    overwrite: false,
    priority: 50,
    retry_attempts: 3,
    retry_delay_seconds: 5,
    timeout_seconds: 0,
    labels: [],
  });
});

describe('fields over the profile', () => {
  test('a field of the request stands over the profile’s', () => {
    expect(encode({ profile: 'hevc-720p', crf: 30, audio_codec: 'opus' })).toMatchObject({
      video_codec: 'hevc',
      preset: 'medium',
      crf: 30,
      width: 1280,
      audio_codec: 'opus',
      audio_bitrate: 128_000,
    });
  });

  test.each([
    [5_000_000, 5_000_000],
    ['5000000', 5_000_000],
    ['2500k', 2_500_000],
    ['5M', 5_000_000],
    ['1.5m', 1_500_000],
  ])('a bit rate of %s is %i bits a second and takes the place of the profile’s crf', (given, bits) => {
    expect(encode({ video_bitrate: given })).toMatchObject({ video_bitrate: bits, crf: null });
  });

  test('another codec takes preset and quality from the profile of its name, not from the one asked for', () => {
    expect(encode({ profile: 'h264-1080p', video_codec: 'av1' })).toMatchObject({
      video_codec: 'av1',
      preset: '8',
      crf: 32,
      width: 1920,
    });
  });

  test('a codec without a profile of its name is left to its encoder’s own defaults', () => {
    expect(encode({ video_codec: 'vp9' })).toMatchObject({ video_codec: 'vp9', preset: null, crf: null });
  });

  test('an encoder’s own name is resolved to its codec and kept', () => {
    expect(encode({ video_codec: 'libx264' })).toMatchObject({
      video_codec: 'h264',
      video_encoder: 'libx264',
      preset: 'medium',
    });
    expect(encode({ video_codec: 'libaom-av1' })).toMatchObject({ video_encoder: 'libaom-av1', preset: null });
  });

  test('one side of the picture given leaves the profile’s other side out', () => {
    expect(encode({ profile: 'h264-720p', height: 480 })).toMatchObject({ width: null, height: 480 });
  });

  test('copied video has no settings, whatever the profile says', () => {
    expect(encode({ profile: 'h264-720p', video_codec: 'copy' })).toMatchObject({
      video_codec: 'copy',
      preset: null,
      crf: null,
      width: null,
    });
  });

  test('a lossless profile stays lossless with another codec that can be', () => {
    expect(encode({ profile: 'lossless', video_codec: 'hevc' })).toMatchObject({ lossless: true, crf: null });
  });
});

describe('what is refused', () => {
  const refusals: [string, Fields, ErrorCode, string][] = [
    ['an unknown profile', { profile: 'h265' }, 'unknown_profile', '/profile'],
    ['an unknown video codec', { video_codec: 'divx' }, 'unknown_codec', '/video_codec'],
    ['an audio encoder as video codec', { video_codec: 'aac' }, 'unknown_codec', '/video_codec'],
    ['an unknown audio codec', { audio_codec: 'wma' }, 'unknown_codec', '/audio_codec'],
    ['a relative input', { input: 'in.mkv' }, 'invalid_path', '/input'],
    ['a relative output', { output: '../out.mkv' }, 'invalid_path', '/output'],
    ['an output that names a folder', { output: '/out/' }, 'invalid_path', '/output'],
    ['a path variable alone', { output: '${media}' }, 'invalid_path', '/output'],
    ['a path that leaves its variable', { input: '${media}/a/../../in.mkv' }, 'invalid_path', '/input'],
    ['a name that was no UTF-8', { input: '/in-\u{FFFD}.mkv' }, 'invalid_path', '/input'],
    ['a name that cannot be UTF-8', { output: '/out-\ud800.mkv' }, 'invalid_path', '/output'],
    ['a name of 256 bytes', { output: `/${'é'.repeat(126)}.mkv` }, 'invalid_path', '/output'],
    ['the input as output', { output: '/in.mkv' }, 'same_file', '/output'],
    ['the input as output, written differently', { output: '/a/..//./in.mkv' }, 'same_file', '/output'],
    ['an output without a known extension', { output: '/out.xyz' }, 'invalid_request', '/output'],
    ['an output without an extension', { output: '/mp4' }, 'invalid_request', '/output'],
    ['crf with a bit rate', { crf: 20, video_bitrate: '5M' }, 'invalid_request', '/crf'],
    ['crf beyond the codec’s scale', { crf: 52 }, 'invalid_request', '/crf'],
    ['crf for a codec without one', { video_codec: 'mpeg2', crf: 20 }, 'invalid_request', '/crf'],
    ['crf with a lossless profile', { profile: 'lossless', crf: 20 }, 'invalid_request', '/crf'],
    [
      'a bit rate with a lossless profile',
      { profile: 'lossless', video_bitrate: '5M' },
      'invalid_request',
      '/video_bitrate',
    ],
    [
      'a lossless profile with a codec that cannot',
      { profile: 'lossless', video_codec: 'av1' },
      'invalid_request',
      '/video_codec',
    ],
    [
      'hardware for a codec that has none',
      { video_codec: 'mpeg2', hardware: 'require' },
      'invalid_request',
      '/hardware',
    ],
    ['hardware without loss', { profile: 'lossless', hardware: 'require' }, 'invalid_request', '/hardware'],
    [
      'hardware that has to keep a limit',
      { hardware: 'require', maxrate: '5M', bufsize: '5M' },
      'invalid_request',
      '/hardware',
    ],
    [
      'a wish beside an encoder’s name',
      { video_codec: 'h264_nvenc', hardware: 'prefer' },
      'invalid_request',
      '/hardware',
    ],
    ['hardware with copied video', { video_codec: 'copy', hardware: 'prefer' }, 'invalid_request', '/hardware'],
    ['crf with copied video', { video_codec: 'copy', crf: 20 }, 'invalid_request', '/crf'],
    ['a size with copied video', { profile: 'copy', width: 640 }, 'invalid_request', '/width'],
    ['a preset without video', { video_codec: 'none', preset: 'fast' }, 'invalid_request', '/preset'],
    [
      'a bit rate with copied sound',
      { audio_codec: 'copy', audio_bitrate: '128k' },
      'invalid_request',
      '/audio_bitrate',
    ],
    ['channels without sound', { audio_codec: 'none', audio_channels: 2 }, 'invalid_request', '/audio_channels'],
    ['a bit rate for flac', { audio_codec: 'flac', audio_bitrate: '128k' }, 'invalid_request', '/audio_bitrate'],
    ['neither video nor sound', { video_codec: 'none', audio_codec: 'none' }, 'invalid_request', '/audio_codec'],
    ['h264 in webm', { output: '/out.webm', audio_codec: 'opus' }, 'codec_not_in_container', '/video_codec'],
    [
      'aac in webm',
      { output: '/out.webm', profile: 'av1', audio_codec: 'aac' },
      'codec_not_in_container',
      '/audio_codec',
    ],
    ['video in mp3', { output: '/out.mp3', audio_codec: 'mp3' }, 'codec_not_in_container', '/video_codec'],
    [
      'copied video in mp3',
      { output: '/out.mp3', video_codec: 'copy', audio_codec: 'mp3' },
      'codec_not_in_container',
      '/video_codec',
    ],
  ];
  test.each(refusals)('%s', (_name, fields, code, pointer) => {
    const error = refusal(fields);
    expect(error.code).toBe(code);
    expect(error.problems.map((problem) => problem.pointer)).toEqual([pointer]);
  });

  test('every problem is named, under the first one’s code', () => {
    const error = refusal({ input: 'in.mkv', video_codec: 'divx', audio_codec: 'wma' });
    expect(error.code).toBe('invalid_path');
    expect(error.problems.map((problem) => problem.pointer)).toEqual(['/input', '/video_codec', '/audio_codec']);
  });

  test('an unknown extension is answered with the known ones', () => {
    expect(refusal({ output: '/out.xyz' }).message).toMatch(/\.mp4, .*\.mkv/);
  });

  test('pointers count from the request’s place in a batch', () => {
    const error = refusal({ profile: 'x' }, '/jobs/3');
    expect(error.problems.map((problem) => problem.pointer)).toEqual(['/jobs/3/profile']);
  });
});

test('names of files are kept without detours, and path variables as they are', () => {
  expect(parse({ input: '/a/./b//in.mkv', output: '${media}/x/../out.mkv' })).toMatchObject({
    input: '/a/b/in.mkv',
    output: '${media}/out.mkv',
  });
});

test('copied streams go into any container that takes streams of their type: only the probe knows better', () => {
  expect(encode({ profile: 'copy', output: '/out.webm' })).toMatchObject({ video_codec: 'copy', audio_codec: 'copy' });
});

test('a hardware encoder is named like any other, and has the quality of its codec', () => {
  expect(encode({ video_codec: 'hevc_nvenc' })).toMatchObject({
    ...{ video_codec: 'hevc', video_encoder: 'hevc_nvenc', hardware: 'auto', preset: null, crf: 24 },
  });
  expect(encode({ video_codec: 'hevc', hardware: 'prefer' })).toMatchObject({
    video_encoder: null,
    hardware: 'prefer',
  });
});

test('a fixed segment length is kept, and only then', () => {
  expect(parse({ segment: { mode: 'fixed', seconds: 4 } }).segment).toEqual({ mode: 'fixed', seconds: 4 });
  expect(parse({ segment: { mode: 'off', seconds: 4 } }).segment).toEqual({ mode: 'off' });
});
