import { describe, expect, it } from 'vitest';
import { videoEncoderArgs } from '../../../../../services/worker/ffmpeg/args/video-encoder-args.ts';
import type { VideoPass } from '../../../../../services/worker/ffmpeg/args/video-pass.ts';
import { videoTimingArgs } from '../../../../../services/worker/ffmpeg/args/video-timing-args.ts';
import type { VideoSettings } from '../../../../../shared/job/task-settings.ts';
import { videoSettings } from './sample-specs.ts';

const BARE = { preset: null, crf: null, color: { space: null, transfer: null, primaries: null } };
const line = (changes: Partial<VideoSettings>, threads = 2) =>
  videoEncoderArgs(videoSettings({ ...BARE, ...changes }), threads).join(' ');

describe('the passes', () => {
  const pass = (encoder: string, which: VideoPass, changes: Partial<VideoSettings> = {}) =>
    videoEncoderArgs(videoSettings({ ...BARE, encoder, ...changes }), 2, which).join(' ');
  const limit = { maxrate: 3_000_000, bufsize: 1_000_000 };
  const second = { kind: 'second', prefix: '/s/pass', bitrate: 2_000_000, limit: null, level: 40 } as const;

  it.each<[string, string, VideoPass, Partial<VideoSettings>]>([
    [
      '-c:v libx264 -crf:v 23 -pass:v 1 -passlogfile:v /s/pass -threads:v 2 -g:v 50',
      ...(['libx264', { kind: 'first', prefix: '/s/pass' }, { bitrate: 2_000_000 }] as const),
    ],
    [
      '-c:v libx264 -b:v 2000000 -level:v 40 -pass:v 2 -passlogfile:v /s/pass -x264-params stitchable=1 -threads:v 2 -g:v 50',
      ...(['libx264', second, { bitrate: 9 }] as const),
    ],
    [
      '-c:v libx264 -b:v 2000000 -maxrate:v 3000000 -bufsize:v 1000000 -level:v 40 -pass:v 2 -passlogfile:v /s/pass ' +
        '-x264-params stitchable=1:vbv-init=1 -threads:v 2 -g:v 50',
      ...(['libx264', { ...second, limit }, {}] as const),
    ],
    [
      '-c:v libx264 -crf:v 20 -maxrate:v 3000000 -bufsize:v 1000000 -level:v 40 ' +
        '-x264-params stitchable=1:vbv-init=1 -threads:v 2 -g:v 50',
      ...(['libx264', { kind: 'limited', limit, level: 40 }, { crf: 20 }] as const),
    ],
    [
      '-c:v libx265 -crf:v 28 -x265-params log-level=warning:pools=2:frame-threads=1:open-gop=0:' +
        'pass=1:slow-firstpass=0:stats=/s/pass-0.log -g:v 50',
      ...(['libx265', { kind: 'first', prefix: '/s/pass' }, {}] as const),
    ],
    [
      '-c:v libx265 -b:v 2000000 -maxrate:v 3000000 -bufsize:v 1000000 -x265-params log-level=warning:pools=2:' +
        'frame-threads=1:open-gop=0:info=0:level-idc=40:vbv-init=1:pass=2:stats=/s/pass-0.log -g:v 50',
      ...(['libx265', { ...second, limit }, {}] as const),
    ],
  ])('%s', (expected, encoder, which, changes) => {
    expect(pass(encoder, which, changes)).toBe(expected);
  });

  it('of x265 name any file', () => {
    const prefix = String.raw`/a b/c:d'e\f`;
    expect(pass('libx265', { kind: 'first', prefix })).toContain(String.raw`:stats=/a\ b/c\:d\'e\\f-0.log `);
  });

  it('are of no matter where the whole file is limited', () => {
    expect(line({ encoder: 'libx264', crf: 20, limit })).toContain('-crf:v 20 -maxrate:v 3000000 -bufsize:v 1000000 ');
  });
});

describe('the options of each encoder', () => {
  it.each<[Partial<VideoSettings>, string]>([
    [{ encoder: 'libx264', preset: 'slow', crf: 18 }, '-c:v libx264 -preset:v slow -crf:v 18 -threads:v 2 -g:v 50'],
    [{ encoder: 'libx264', bitrate: 2_000_000 }, '-c:v libx264 -b:v 2000000 -threads:v 2 -g:v 50'],
    [{ encoder: 'libx264', lossless: true }, '-c:v libx264 -qp:v 0 -threads:v 2 -g:v 50'],
    [
      { encoder: 'libx265', preset: 'medium', crf: 24 },
      '-c:v libx265 -preset:v medium -crf:v 24 -x265-params log-level=warning:pools=2:frame-threads=1:open-gop=0 -g:v 50',
    ],
    [
      { encoder: 'libx265', lossless: true },
      '-c:v libx265 -x265-params log-level=warning:pools=2:frame-threads=1:open-gop=0:lossless=1 -g:v 50',
    ],
    [
      { encoder: 'libsvtav1', preset: '8', crf: 32 },
      '-c:v libsvtav1 -preset:v 8 -crf:v 32 -svtav1-params lp=2 -g:v 50',
    ],
    [
      { encoder: 'libaom-av1', preset: '6', crf: 30 },
      '-c:v libaom-av1 -cpu-used 6 -crf:v 30 -b:v 0 -row-mt 1 -threads:v 2 -g:v 50',
    ],
    [
      { encoder: 'libvpx-vp9', preset: '4', crf: 31 },
      '-c:v libvpx-vp9 -deadline good -cpu-used 4 -crf:v 31 -b:v 0 -row-mt 1 -threads:v 2 -g:v 50',
    ],
    [
      { encoder: 'libvpx-vp9', lossless: true },
      '-c:v libvpx-vp9 -deadline good -lossless 1 -row-mt 1 -threads:v 2 -g:v 50',
    ],
    [
      { encoder: 'mpeg2video', crf: 4 },
      '-c:v mpeg2video -q:v 4 -bf 2 -flags:v +cgop -sc_threshold 1000000000 -threads:v 2 -g:v 50',
    ],
    [{ encoder: 'ffv1' }, '-c:v ffv1 -level 3 -slices 4 -slicecrc 1 -threads:v 2 -g:v 50'],
  ])('%j', (changes, expected) => {
    expect(line(changes)).toBe(expected);
  });

  it('hand static HDR metadata to x265', () => {
    const hdr10 = { mastering_display: 'G(1,2)B(3,4)R(5,6)WP(7,8)L(10,1)', max_content_light: '1000,400' };
    expect(line({ encoder: 'libx265', hdr10 })).toContain(
      ':open-gop=0:hdr10=1:repeat-headers=1:master-display=G(1,2)B(3,4)R(5,6)WP(7,8)L(10,1):max-cll=1000,400 ',
    );
  });

  it('name the colors that the source names', () => {
    const color = { space: 'bt2020nc', transfer: 'smpte2084', primaries: null };
    expect(line({ color })).toContain('-colorspace:v bt2020nc -color_trc:v smpte2084');
  });
});

it('frames keep the clock of the source, except in MPEG-2, which has only rates', () => {
  expect(videoTimingArgs('libx264')).toEqual(['-fps_mode:v', 'passthrough', '-enc_time_base:v', '-1']);
  expect(videoTimingArgs('mpeg2video')).toEqual(['-fps_mode:v', 'passthrough']);
});
