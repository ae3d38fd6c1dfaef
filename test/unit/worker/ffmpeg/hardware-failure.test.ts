import { describe, expect, test } from 'vitest';
import { failureOfEnd } from '../../../../services/worker/ffmpeg/failure.ts';

const EXIT_1 = { exitCode: 1, signal: null, error: null };
const OPENING =
  '[error] Error initializing output stream 0:0 -- Error while opening encoder for output stream #0:0 - maybe incorrect parameters such as bit_rate, rate, width or height';
const codeOf = (encoder: string, lines: readonly string[], end: Partial<Parameters<typeof failureOfEnd>[0]> = {}) =>
  failureOfEnd({ ...EXIT_1, ...end }, lines, ['-i', 'file:/in.mkv', '-c:v', encoder, 'file:/out.mp4'])?.code;

// Lines as FFmpeg 5.1.9 wrote them without a device, and as users have reported them with one.
const WORDS: readonly (readonly [string, string, readonly string[]])[] = [
  ['no driver', 'h264_nvenc', ['[h264_nvenc @ 0x5614] [error] Cannot load libcuda.so.1', OPENING]],
  [
    'no session or memory left',
    'hevc_nvenc',
    [
      '[hevc_nvenc @ 0x55f4] [error] OpenEncodeSessionEx failed: out of memory (10): (no details)',
      '[hevc_nvenc @ 0x55f4] [error] No capable devices found',
      OPENING,
    ],
  ],
  [
    'a size too large',
    'h264_nvenc',
    ['[h264_nvenc @ 0x55f4] [error] InitializeEncoder failed: invalid param (8)', OPENING],
  ],
  ['a lost context', 'h264_nvenc', ['[h264_nvenc @ 0x55f4] [error] Failed creating CUDA context for NVENC: 0x2']],
  [
    'no render node',
    'h264_vaapi',
    [
      '[AVHWDeviceContext @ 0x55ec] [error] No VA display found for device /dev/dri/renderD128.',
      '[error] Device creation failed: -22.',
      "[error] Failed to set value 'vaapi=gpu:/dev/dri/renderD128' for option 'init_hw_device': Invalid argument",
    ],
  ],
  [
    'a driver that does not start, which is no trouble of the storage',
    'h264_vaapi',
    [
      '[AVHWDeviceContext @ 0x7f1e] [error] Failed to initialise VAAPI connection: -1 (unknown libva error).',
      '[error] Device creation failed: -5.',
      "[error] Failed to set value 'vaapi=gpu:/dev/dri/renderD128' for option 'init_hw_device': Input/output error",
    ],
  ],
  ['an unknown profile', 'hevc_vaapi', ['[hevc_vaapi @ 0x55d8] [error] No usable encoding profile found.', OPENING]],
  [
    'no session',
    'h264_qsv',
    ['[h264_qsv @ 0x55d8] [error] Error initializing an internal MFX session: unsupported (-3)', OPENING],
  ],
  ['a device that broke off', 'hevc_qsv', ['[hevc_qsv @ 0x55d8] [error] Error during encoding: device failed (-17)']],
  [
    'no room',
    'h264_videotoolbox',
    ['[h264_videotoolbox @ 0x15e3] [error] Error: cannot create compression session: -12903', OPENING],
  ],
  ['an option that the driver does not have', 'h264_nvenc', [OPENING]],
  ['what nobody has seen before', 'h264_nvenc', ['[error] Something new happened']],
  ['no such encoder in this FFmpeg', 'av1_nvenc', ["[fatal] Unknown encoder 'av1_nvenc'"]],
];

describe('hardware_failed', () => {
  test.each(WORDS)('%s (%s)', (_what, encoder, lines) => {
    expect(codeOf(encoder, lines)).toBe('hardware_failed');
  });

  test('a driver that takes FFmpeg with it', () => {
    expect(codeOf('h264_nvenc', [], { exitCode: null, signal: 'SIGSEGV' })).toBe('hardware_failed');
  });

  test('its message names the encoder, in the words of the device', () => {
    const failure = failureOfEnd(EXIT_1, WORDS[1]?.[2] ?? [], ['-c:v', 'hevc_nvenc', 'file:/out.mp4']);
    expect(failure?.message).toBe('hevc_nvenc: OpenEncodeSessionEx failed: out of memory (10): (no details)');
  });
});

describe('is not', () => {
  test.each<[string, string, readonly string[]]>([
    ['disk_full', 'h264_nvenc', ['[error] av_interleaved_write_frame(): No space left on device']],
    ['input_missing', 'h264_nvenc', ['[error] file:/in.mkv: No such file or directory']],
    ['input_corrupt', 'h264_nvenc', ['[h264 @ 0x55f7] [error] error while decoding MB 13 19, bytestream -25']],
    ['invalid_options', 'libx264', [OPENING]],
    ['ffmpeg_failed', 'libx264', ['[error] Something new happened']],
  ])('%s with %s', (code, encoder, lines) => {
    expect(codeOf(encoder, lines)).toBe(code);
  });

  test('what somebody killed', () => {
    expect(codeOf('h264_nvenc', [], { exitCode: null, signal: 'SIGKILL' })).toBe('ffmpeg_killed');
  });
});
