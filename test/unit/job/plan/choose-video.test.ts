import { describe, expect, it } from 'vitest';
import type { VideoStream } from '../../../../shared/job/media.ts';
import { chooseVideo } from '../../../../shared/job/plan/choose-video.ts';
import type { EncodeOptions } from '../../../../shared/job/profile.ts';
import type { VideoSettings } from '../../../../shared/job/task-settings.ts';
import { facts, media, request, video } from './sample-facts.ts';

function settings(
  profile: string,
  stream: VideoStream,
  encode: Partial<EncodeOptions> = {},
  output = '/media/out.mkv',
): VideoSettings {
  const chosen = chooseVideo(facts({ media: media([stream]), request: request(profile, encode, { output }) }), stream);
  if (chosen === null || chosen.settings === 'copy') throw new Error('the picture is not encoded');
  return chosen.settings;
}

describe('the pixel format', () => {
  it.each([
    ['h264', 'yuv420p', 'yuv420p'],
    ['h264', 'yuv444p', 'yuv420p'],
    ['h264', 'yuv420p10le', 'yuv420p'],
    ['hevc', 'yuv420p', 'yuv420p'],
    ['hevc', 'yuv422p10le', 'yuv420p10le'],
    ['hevc', 'p010le', 'yuv420p10le'],
    ['av1', 'yuv420p12le', 'yuv420p10le'],
    ['av1', 'yuvj420p', 'yuv420p'],
  ])('in %s of a %s source is %s', (profile, source, format) => {
    expect(settings(profile, video({ pixel_format: source })).pixel_format).toBe(format);
  });

  it('is the one asked for', () => {
    expect(settings('h264', video(), { pixel_format: 'yuv444p' }).pixel_format).toBe('yuv444p');
  });
});

describe('a lossless encode', () => {
  it.each([
    ['yuv420p', 'libx264'],
    ['yuv422p10le', 'libx264'],
    ['yuv444p', 'libx264'],
    ['yuv420p12le', 'ffv1'],
    ['bgra', 'ffv1'],
  ])('of %s takes %s and keeps the samples as they are', (format, encoder) => {
    expect(settings('lossless', video({ pixel_format: format }))).toMatchObject({
      encoder,
      pixel_format: format,
      crf: null,
    });
  });

  it('of what x264 cannot hold is refused where FFV1 has no container', () => {
    const stream = video({ pixel_format: 'yuv420p12le' });
    expect(() => settings('lossless', stream, {}, '/media/out.mp4')).toThrow(
      expect.objectContaining({ code: 'invalid_options' }),
    );
  });

  it('of an odd size takes FFV1', () => {
    expect(settings('lossless', video({ width: 641 }))).toMatchObject({ encoder: 'ffv1', scale: null });
  });
});

describe('the size', () => {
  const box = { width: 1280, height: 720 };

  it.each([
    ['smaller than the box: stays', { width: 640, height: 360 }, null],
    ['larger: fits', { width: 1920, height: 1080 }, { width: 1280, height: 720 }],
    ['higher than wide', { width: 1080, height: 1920 }, { width: 404, height: 720 }],
    ['turned', { width: 1920, height: 1080, rotation: 90 }, { width: 404, height: 720 }],
    ['turned and small enough as shown', { width: 720, height: 404, rotation: 90 }, null],
    ['odd: loses a line', { width: 641, height: 361 }, { width: 640, height: 360 }],
    [
      'oblong pixels count as shown',
      { width: 1440, height: 1080, sample_aspect_ratio: { num: 4, den: 3 } },
      { width: 960, height: 720 },
    ],
  ])('%s', (_what, stream, scale) => {
    expect(settings('h264', video(stream), box).scale).toEqual(scale);
  });

  it('keeps the shape of the pixels, turned with the picture', () => {
    const aspect = { num: 64, den: 45 };
    expect(settings('h264', video({ sample_aspect_ratio: aspect })).pixel_aspect).toEqual(aspect);
    expect(settings('h264', video({ sample_aspect_ratio: aspect, rotation: 270 })).pixel_aspect).toEqual({
      num: 45,
      den: 64,
    });
  });
});

describe('the distance of keyframes', () => {
  it.each([
    [{ num: 25, den: 1 }, 50],
    [{ num: 30_000, den: 1001 }, 60],
    [{ num: 240, den: 1 }, 250],
    [null, 50],
  ])('at %j frames a second: at most %i frames', (rate, frames) => {
    expect(settings('h264', video({ average_frame_rate: rate })).gop_frames).toBe(frames);
  });
});

it('a bit rate takes the place of the quality', () => {
  expect(settings('h264', video(), { video_bitrate: 2_000_000 })).toMatchObject({ crf: null, bitrate: 2_000_000 });
});
