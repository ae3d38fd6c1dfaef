import { describe, expect, it, test } from 'vitest';
import { nvencPreset, qsvPreset } from '../../../../../services/worker/ffmpeg/args/hardware-preset.ts';
import { segmentArgs } from '../../../../../services/worker/ffmpeg/args/segment-args.ts';
import { ssimArgs } from '../../../../../services/worker/ffmpeg/args/ssim-args.ts';
import { transcodeArgs } from '../../../../../services/worker/ffmpeg/args/transcode-args.ts';
import { videoEncoderArgs } from '../../../../../services/worker/ffmpeg/args/video-encoder-args.ts';
import { ONLY_DEVICES } from '../../../../../services/worker/ffmpeg/devices.ts';
import { proofArgs } from '../../../../../services/worker/ffmpeg/prove-encoder.ts';
import { type VideoCodec, videoCodecOf } from '../../../../../shared/job/codecs.ts';
import type { VideoSettings } from '../../../../../shared/job/task-settings.ts';
import { line } from './command-line.ts';
import { segmentSpec, transcodeSpec, videoSettings } from './sample-specs.ts';

// No such device is on the machines of the tests: the option names of NVENC, VAAPI and Quick Sync were held against
// `ffmpeg -h encoder=…` of 5.1, those of VideoToolbox and of AV1 in hardware against nothing.

const TEN = { pixel_format: 'yuv420p10le' };
const settings = (encoder: string, changes: Partial<VideoSettings> = {}) =>
  videoSettings({ codec: videoCodecOf(encoder) as VideoCodec, encoder, ...changes });

describe('a segment', () => {
  const command = (encoder: string, changes: Partial<VideoSettings> = {}) =>
    line(
      segmentArgs({
        ...{ source: '/media/in.mp4', output: '/s/segment.mp4', threads: 2 },
        spec: segmentSpec({ settings: settings(encoder, changes) }),
      }),
    );
  const seek = '-copyts -noaccurate_seek -seek_timestamp 1 -ss 9.500000 <guard> -i file:/media/in.mp4 -map 0:0';
  const timing = '-fps_mode:v passthrough -enc_time_base:v -1';
  const rest =
    '-g:v 50 -colorspace:v bt709 -color_trc:v bt709 -color_primaries:v bt709 -map_metadata -1 -map_chapters -1 ' +
    '-f mp4 -avoid_negative_ts disabled -use_editlist 0 -output_ts_offset 1000 ' +
    '-movflags +frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer file:/s/segment.mp4';

  it('in NVENC', () => {
    expect(command('h264_nvenc')).toBe(
      `-y -xerror -filter_threads 1 -threads 2 ${seek} -vf trim=start_pts=128000:end_pts=256000,format=nv12 ${timing} ` +
        `-c:v h264_nvenc -preset:v p4 -profile:v high -rc:v vbr -cq:v 21 -b:v 0 ${rest}`,
    );
  });

  it('in NVENC with ten bits', () => {
    expect(command('hevc_nvenc', { ...TEN, preset: 'slow', crf: 24 })).toBe(
      `-y -xerror -filter_threads 1 -threads 2 ${seek} -vf trim=start_pts=128000:end_pts=256000,format=p010le ${timing} ` +
        `-c:v hevc_nvenc -preset:v p5 -rc:v vbr -cq:v 24 -b:v 0 ${rest}`,
    );
  });

  it('in VAAPI', () => {
    expect(command('h264_vaapi')).toBe(
      '-y -xerror -filter_threads 1 -init_hw_device vaapi=gpu:/dev/dri/renderD128 -filter_hw_device gpu -threads 2 ' +
        `${seek} -vf trim=start_pts=128000:end_pts=256000,format=nv12,hwupload ${timing} ` +
        `-c:v h264_vaapi -rc_mode:v CQP -qp:v 21 -idr_interval:v 0 ${rest}`,
    );
  });

  it('in Quick Sync', () => {
    expect(command('hevc_qsv', { ...TEN, crf: 24 })).toBe(
      '-y -xerror -filter_threads 1 -init_hw_device qsv=gpu:hw_any,child_device=/dev/dri/renderD128 -threads 2 ' +
        `${seek} -vf trim=start_pts=128000:end_pts=256000,format=p010le ${timing} ` +
        `-c:v hevc_qsv -preset:v medium -profile:v main10 -global_quality:v 24 -idr_interval:v 0 -flags:v +cgop ${rest}`,
    );
  });

  it('in VideoToolbox', () => {
    expect(command('hevc_videotoolbox', { crf: 24 })).toBe(
      `-y -xerror -filter_threads 1 -threads 2 ${seek} -vf trim=start_pts=128000:end_pts=256000,format=nv12 ${timing} ` +
        `-c:v hevc_videotoolbox -profile:v main -q:v 59 ${rest}`,
    );
  });
});

describe('a whole file', () => {
  const command = (encoder: string, devices = ONLY_DEVICES) =>
    line(
      transcodeArgs({
        ...{ source: '/media/in.mp4', output: '/media/part', threads: 2, devices },
        spec: transcodeSpec({ video: settings(encoder) }),
      }),
    );
  const sound =
    '-map 0:1 -c:a aac -b:a 160000 -movie_timescale 12800 -movflags +faststart -strict experimental -f mp4 file:/media/part';
  const rest = `-g:v 50 -colorspace:v bt709 -color_trc:v bt709 -color_primaries:v bt709 ${sound}`;
  const input = '-threads 2 <guard> -i file:/media/in.mp4 -map 0:0';

  it('in VAAPI, on another device', () => {
    expect(command('h264_vaapi', { ...ONLY_DEVICES, render: '/dev/dri/renderD129' })).toBe(
      '-y -xerror -filter_threads 1 -init_hw_device vaapi=gpu:/dev/dri/renderD129 -filter_hw_device gpu ' +
        `${input} -vf <rising or back>,format=nv12,hwupload -fps_mode:v passthrough -enc_time_base:v -1 ` +
        `-c:v h264_vaapi -rc_mode:v CQP -qp:v 21 -idr_interval:v 0 ${rest}`,
    );
  });

  it('in NVENC, on the second GPU', () => {
    expect(command('h264_nvenc', { ...ONLY_DEVICES, nvidia: 1 })).toBe(
      `-y -xerror -filter_threads 1 ${input} -vf <rising or back>,format=nv12 -fps_mode:v passthrough -enc_time_base:v -1 -gpu:v 1 ` +
        `-c:v h264_nvenc -preset:v p4 -profile:v high -rc:v vbr -cq:v 21 -b:v 0 ${rest}`,
    );
  });
});

describe('the options of each encoder', () => {
  const BARE = { preset: null, crf: null, color: { space: null, transfer: null, primaries: null } };

  it.each<[string, Partial<VideoSettings>, string]>([
    ['h264_nvenc', { crf: 0 }, '-profile:v high -rc:v vbr -cq:v 1 -b:v 0'],
    ['hevc_nvenc', { bitrate: 5_000_000 }, '-rc:v vbr -b:v 5000000'],
    ['av1_nvenc', { preset: '8', crf: 32 }, '-preset:v p4 -rc:v vbr -cq:v 32 -b:v 0'],
    ['hevc_vaapi', { ...TEN, crf: 24, preset: 'slow' }, '-rc_mode:v CQP -qp:v 24 -idr_interval:v 0'],
    ['h264_vaapi', { bitrate: 5_000_000 }, '-rc_mode:v VBR -b:v 5000000 -idr_interval:v 0'],
    ['vp9_vaapi', { crf: 31 }, '-rc_mode:v CQP -global_quality:v 124 -idr_interval:v 0'],
    ['av1_vaapi', { crf: 32 }, '-rc_mode:v CQP -global_quality:v 128 -idr_interval:v 0'],
    [
      'h264_qsv',
      { crf: 21, preset: 'ultrafast' },
      '-preset:v veryfast -global_quality:v 21 -idr_interval:v 0 -flags:v +cgop',
    ],
    ['hevc_qsv', { bitrate: 5_000_000 }, '-b:v 5000000 -idr_interval:v 0 -flags:v +cgop'],
    ['vp9_qsv', { crf: 63 }, '-global_quality:v 51'],
    ['av1_qsv', { preset: '8', crf: 32 }, '-preset:v medium -global_quality:v 26'],
    ['h264_videotoolbox', { crf: 21 }, '-profile:v high -q:v 64'],
    ['h264_videotoolbox', { bitrate: 5_000_000 }, '-profile:v high -b:v 5000000'],
    ['hevc_videotoolbox', { ...TEN, crf: 51 }, '-profile:v main10 -q:v 13'],
  ])('%s %j', (encoder, changes, expected) => {
    expect(line(videoEncoderArgs(settings(encoder, { ...BARE, ...changes }), 2))).toBe(
      `-c:v ${encoder} ${expected} -g:v 50`,
    );
  });
});

test.each([
  ['ultrafast', 'p1', 'veryfast'],
  ['veryfast', 'p2', 'veryfast'],
  ['medium', 'p4', 'medium'],
  ['veryslow', 'p7', 'veryslow'],
  ['p6', 'p6', null],
  ['0', 'p7', 'veryslow'],
  ['13', 'p1', 'veryfast'],
  ['nosuch', null, null],
])('the preset %s is %s to NVENC and %s to Quick Sync', (preset, nvenc, qsv) => {
  expect([nvencPreset(preset), qsvPreset(preset)]).toEqual([nvenc, qsv]);
});

test('what is compared with the source is on no device', () => {
  const run = { result: '/r', source: { path: '/s', streamIndex: 0, firstShown: null }, everyNth: 10 };
  expect(line(ssimArgs({ ...run, settings: settings('h264_vaapi') }))).not.toContain('hwupload');
});

describe('the proof', () => {
  it('asks hardware for what jobs ask of it', () => {
    expect(line(proofArgs('hevc_vaapi_10bit', ONLY_DEVICES))).toBe(
      '-init_hw_device vaapi=gpu:/dev/dri/renderD128 -filter_hw_device gpu -f lavfi -i testsrc2=size=320x180:rate=25 ' +
        '-frames:v 50 -vf format=p010le,hwupload -c:v hevc_vaapi -rc_mode:v CQP -qp:v 24 -idr_interval:v 0 -g:v 50 -f null -',
    );
    expect(line(proofArgs('h264_nvenc', { ...ONLY_DEVICES, nvidia: 1 }))).toBe(
      '-f lavfi -i testsrc2=size=320x180:rate=25 -frames:v 50 -vf format=nv12 -gpu:v 1 ' +
        '-c:v h264_nvenc -preset:v p4 -profile:v high -rc:v vbr -cq:v 24 -b:v 0 -g:v 50 -f null -',
    );
  });

  it('asks software as before', () => {
    expect(line(proofArgs('libsvtav1', ONLY_DEVICES))).toBe(
      '-f lavfi -i testsrc2=size=320x180:rate=25,format=yuv420p -frames:v 50 -c:v libsvtav1 -preset 8 -f null -',
    );
  });
});
