import { describe, expect, it } from 'vitest';
import { videoEncoderArgs } from '../../../../../services/worker/ffmpeg/args/video-encoder-args.ts';
import { videoTimingArgs } from '../../../../../services/worker/ffmpeg/args/video-timing-args.ts';
import type { VideoSettings } from '../../../../../shared/job/task.ts';
import { videoSettings } from './sample-specs.ts';

const BARE = { preset: null, crf: null, color: { space: null, transfer: null, primaries: null } };
const line = (changes: Partial<VideoSettings>, threads = 2) =>
  videoEncoderArgs(videoSettings({ ...BARE, ...changes }), threads).join(' ');

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
