import { describe, expect, test } from 'vitest';
import { failureOfEnd } from '../../../../services/worker/ffmpeg/failure.ts';
import type { ErrorCode } from '../../../../shared/errors.ts';

const EXIT_1 = { exitCode: 1, signal: null, error: null };
const CONTEXT = '[libx264 @ 0x564fda470500]';

// Lines as FFmpeg 5.1.9 and 7.1 wrote them.
const WORDS: readonly (readonly [string, ErrorCode, readonly string[]])[] = [
  [
    'a full disk',
    'disk_full',
    ['[error] av_interleaved_write_frame(): No space left on device', '[error] Conversion failed!'],
  ],
  ['a quota', 'disk_full', ['[error] Error writing trailer of file:/x.mp4: Disk quota exceeded']],
  ['a broken disk', 'storage_failed', ['[error] av_interleaved_write_frame(): Input/output error']],
  ['a stale handle', 'storage_failed', ['[error] file:/in.mkv: Stale file handle']],
  ['an encoder that is not built in', 'no_encoder', ["[fatal] Unknown encoder 'libx265'"]],
  ['a missing input', 'input_missing', ['[error] file:/in.mkv: No such file or directory']],
  ['an unreadable input', 'input_unreadable', ['[error] file:/in.mkv: Permission denied']],
  ['a folder as input', 'input_not_a_file', ['[error] file:/in: Is a directory']],
  [
    'an mp4 without its index',
    'input_truncated',
    [
      '[mov,mp4 @ 0x55b3] [error] moov atom not found',
      '[error] file:/in.mp4: Invalid data found when processing input',
    ],
  ],
  ['a text', 'input_not_media', ['[error] file:/in.mp4: Invalid data found when processing input']],
  ['a header alone', 'input_truncated', ['[error] file:/in.mkv: End of file']],
  [
    'a play list',
    'input_not_media',
    ["[concat @ 0x55b3] [error] Format not on whitelist 'mov'", '[error] file:/in.mp4: Invalid argument'],
  ],
  ['a preset that is none', 'invalid_options', [`${CONTEXT} [error] Error setting preset/tune nosuch/(null).`]],
  ['a value out of range', 'invalid_options', [`${CONTEXT} [error] Error setting option crf to value 99.`]],
  ['a filter that is none', 'invalid_options', ["[AVFilterGraph @ 0x559d] [error] No such filter: 'nosuch'"]],
  ['a stream that is not there', 'invalid_options', ["[fatal] Stream map '0:7' matches no streams."]],
  ['a damaged packet', 'input_corrupt', ['[fatal] file:/in.ts: corrupt input packet in stream 0']],
  ['a damaged picture', 'input_corrupt', ['[h264 @ 0x55f7] [error] error while decoding MB 13 19, bytestream -25']],
  ['anything else', 'ffmpeg_failed', ['[error] Something new happened']],
];

describe('the words of FFmpeg', () => {
  test.each(WORDS)('%s is %s', (_, code, lines) => {
    expect(failureOfEnd(EXIT_1, lines)?.code).toBe(code);
  });
});

test.each([
  ['5.1', ['[mp4 @ 0x55b3] [error] Non-monotonous DTS in output stream 0:1; previous: 4096, current: 1024; aborting.']],
  [
    '7.1',
    [
      '[aost#0:1/aac @ 0x55b3] [error] Non-monotonic DTS; previous: 4096, current: 1024; aborting.',
      '[aost#0:1/aac @ 0x55b3] [error] Error muxing a packet',
      '[out#0/mp4 @ 0x55b3] [error] Error submitting a packet to the muxer: Invalid argument',
      '[out#0/mp4 @ 0x55b3] [error] Task finished with error code: -22 (Invalid argument)',
      '[out#0/mp4 @ 0x55b3] [error] Terminating thread with return code -22 (Invalid argument)',
    ],
  ],
])('a strict run that ends at times out of order says so, in the words of %s', (_, lines) => {
  expect(failureOfEnd(EXIT_1, lines, ['-xerror'])).toMatchObject({
    code: 'input_corrupt',
    message: expect.stringMatching(/Non-monoton/),
  });
});

test('exit code 0 is no failure, whatever the log says', () => {
  expect(failureOfEnd({ ...EXIT_1, exitCode: 0 }, ['[error] No space left on device'])).toBeNull();
});

test('the same words about the output are not the fault of the input', () => {
  const lines = ['[error] file:/out/x.mp4: No such file or directory'];
  expect(failureOfEnd(EXIT_1, lines, ['-i', 'file:/in.mkv', 'file:/out/x.mp4'])?.code).toBe('storage_failed');
  expect(failureOfEnd(EXIT_1, lines, ['-i', 'file:/out/x.mp4', 'file:/other'])?.code).toBe('input_missing');
});

test('an output that is there already is said to be so', () => {
  const lines = ["[fatal] File 'file:/out.mp4' already exists. Exiting."];
  expect(failureOfEnd(EXIT_1, lines, ['file:/out.mp4'])?.code).toBe('output_exists');
});

test('a warning does not explain a failure', () => {
  const lines = ['[warning] No space left on device', '[error] Something new happened'];
  expect(failureOfEnd(EXIT_1, lines)?.code).toBe('ffmpeg_failed');
});

test('with -xerror an end right after a decoder complained is a damaged input', () => {
  const lines = ['[aac @ 0x55e8] [error] Never heard of'];
  expect(failureOfEnd(EXIT_1, lines, ['-xerror', '-'])?.code).toBe('input_corrupt');
  expect(failureOfEnd(EXIT_1, [], ['-xerror', '-'])?.code).toBe('input_corrupt');
  expect(failureOfEnd(EXIT_1, lines, ['-'])?.code).toBe('ffmpeg_failed');
});

test('with -xerror what ffmpeg itself says last is not the input', () => {
  const lines = ['[aac @ 0x55e8] [error] Never heard of', '[fatal] Something new happened'];
  expect(failureOfEnd(EXIT_1, lines, ['-xerror', '-'])?.code).toBe('ffmpeg_failed');
});

test('a kill from outside is told from a crash', () => {
  expect(failureOfEnd({ exitCode: null, signal: 'SIGKILL', error: null }, [])?.code).toBe('ffmpeg_killed');
  expect(failureOfEnd({ exitCode: null, signal: 'SIGSEGV', error: null }, [])?.code).toBe('ffmpeg_failed');
});

test('a SIGTERM that FFmpeg caught is a kill from outside', () => {
  const lines = ['[info] Exiting normally, received signal 15.'];
  expect(failureOfEnd({ ...EXIT_1, exitCode: 255 }, lines)?.code).toBe('ffmpeg_killed');
});

test('a program that is not there is a missing FFmpeg', () => {
  const spawn = Object.assign(new Error('spawn /no/ffmpeg ENOENT'), { code: 'ENOENT', syscall: 'spawn /no/ffmpeg' });
  expect(failureOfEnd({ exitCode: null, signal: null, error: spawn }, [])?.code).toBe('ffmpeg_missing');
  expect(failureOfEnd({ ...EXIT_1, exitCode: 127 }, ['sh: 1: exec: /no/ffmpeg: not found'])?.code).toBe(
    'ffmpeg_missing',
  );
});

test('a segment that cannot be read is a lost part or a failed storage', () => {
  const gone = Object.assign(new Error('ENOENT: /scratch/1.mp4'), { code: 'ENOENT', syscall: 'open' });
  const broken = Object.assign(new Error('EIO: i/o error'), { code: 'EIO', syscall: 'read' });
  expect(failureOfEnd({ exitCode: 0, signal: null, error: gone }, [])?.code).toBe('part_lost');
  expect(failureOfEnd({ exitCode: 0, signal: null, error: broken }, [])?.code).toBe('storage_failed');
});

test("the message is a sentence with FFmpeg's words at its end, without addresses", () => {
  const lines = ['[h264 @ 0x55f742a892c0] [error] Invalid NAL unit size (0 > 3114).'];
  expect(failureOfEnd(EXIT_1, lines)?.message).toBe('the input is damaged: h264: Invalid NAL unit size (0 > 3114).');
});

test('exit code 0 does not count when the file could not be closed for want of room', () => {
  const words = ['[error] Error closing file file:/out.mp4: No space left on device'];
  expect(failureOfEnd({ exitCode: 0, signal: null, error: null }, words)).toMatchObject({ code: 'disk_full' });
  expect(failureOfEnd({ exitCode: 0, signal: null, error: null }, ['[warning] No space left on device'])).toBeNull();
});
