import { describe, expect, it, test } from 'vitest';
import { accelerationFor } from '../../../../services/worker/ffmpeg/acceleration.ts';
import { decodingProofArgs } from '../../../../services/worker/ffmpeg/args/decoding-proof-args.ts';
import { segmentArgs } from '../../../../services/worker/ffmpeg/args/segment-args.ts';
import { transcodeArgs } from '../../../../services/worker/ffmpeg/args/transcode-args.ts';
import { ONLY_DEVICES } from '../../../../services/worker/ffmpeg/devices.ts';
import { inputOptions } from '../../../../services/worker/ffmpeg/input-options.ts';
import { segmentSpec, transcodeSpec, videoSettings } from './args/sample-specs.ts';

const line = (args: readonly string[]) => args.join(' ').replaceAll(inputOptions('').slice(0, -2).join(' '), '<guard>');

const coding = { codec: 'hevc', profile: 'Main 10', pixel_format: 'yuv420p10le' };
const PROVED = ['cuda:hevc/Main 10/yuv420p10le', 'vaapi:hevc/Main 10/yuv420p10le'];
const task = (change: Partial<Parameters<typeof accelerationFor>[0]> = {}) =>
  accelerationFor({ encoder: 'hevc_nvenc', coding, onError: 'fail', ...change }, PROVED);

describe('a source is decoded by', () => {
  it.each([
    ['h264_nvenc', 'cuda'],
    ['h264_vaapi', 'vaapi'],
    ['h264_qsv', 'vaapi'],
    ['h264_videotoolbox', undefined],
    ['libx264', undefined],
  ])('for %s: %s, as far as it was proved', (encoder, expected) => {
    expect(task({ encoder })).toBe(expected);
  });

  it.each([
    ['another profile', { coding: { ...coding, profile: 'Main' } }],
    ['another pixel format', { coding: { ...coding, pixel_format: 'yuv422p10le' } }],
    ['another codec', { coding: { ...coding, codec: 'h264' } }],
    ['no profile that is known', { coding: { ...coding, profile: null } }],
    ['a task from before', { coding: undefined }],
    ['damage that is to be concealed', { onError: 'conceal' as const }],
  ])('software: %s', (_what, change) => {
    expect(task(change)).toBeUndefined();
  });

  it('software on a worker that proved nothing', () => {
    expect(accelerationFor({ encoder: 'hevc_nvenc', coding, onError: 'fail' })).toBeUndefined();
  });
});

describe('the arguments', () => {
  const run = { source: '/media/in.mp4', output: '/s/segment.mp4', threads: 2 };
  const segment = (encoder: string, acceleration: 'cuda' | 'vaapi' | 'videotoolbox', devices = ONLY_DEVICES) =>
    line(segmentArgs({ ...run, acceleration, devices, spec: segmentSpec({ settings: videoSettings({ encoder }) }) }));
  const seek = '-copyts -noaccurate_seek -seek_timestamp 1 -ss 9.500000';

  it.each([
    ['h264_nvenc', 'cuda', ONLY_DEVICES, '-hwaccel cuda'],
    ['h264_nvenc', 'cuda', { ...ONLY_DEVICES, nvidia: 1 }, '-hwaccel cuda -hwaccel_device 1'],
    ['h264_vaapi', 'vaapi', ONLY_DEVICES, '-hwaccel vaapi -hwaccel_device /dev/dri/renderD128'],
    ['h264_qsv', 'vaapi', ONLY_DEVICES, '-hwaccel vaapi -hwaccel_device /dev/dri/renderD128'],
    ['h264_videotoolbox', 'videotoolbox', ONLY_DEVICES, '-hwaccel videotoolbox'],
  ] as const)('of a segment in %s with %s', (encoder, acceleration, devices, expected) => {
    expect(segment(encoder, acceleration, devices)).toContain(
      ` -threads 2 ${seek} ${expected} <guard> -i file:/media/in.mp4 -map 0:0 -vf trim=`,
    );
  });

  it('of a whole file', () => {
    const spec = transcodeSpec({ video: videoSettings({ encoder: 'h264_nvenc' }) });
    expect(line(transcodeArgs({ ...run, spec, acceleration: 'cuda' }))).toContain(
      ' -threads 2 -hwaccel cuda <guard> -i file:/media/in.mp4 ',
    );
  });
});

test('the proof takes no picture that software decoded', () => {
  const run = { path: '/s/0.mkv', format: 'nv12', devices: ONLY_DEVICES };
  const quiet = '-hide_banner -nostdin -nostats -loglevel level+error';
  expect(line(decodingProofArgs({ ...run, acceleration: 'vaapi' }))).toBe(
    `${quiet} -hwaccel vaapi -hwaccel_device /dev/dri/renderD128 -hwaccel_output_format vaapi ` +
      '<guard> -i file:/s/0.mkv -vf hwdownload,format=nv12 -f framemd5 -',
  );
  expect(line(decodingProofArgs(run))).toBe(`${quiet} <guard> -i file:/s/0.mkv -vf format=nv12 -f framemd5 -`);
});
