import { expect, test } from 'vitest';
import { ffprobeAnswer } from '../../../../services/worker/ffmpeg/ffprobe-answer.ts';
import { mediaStream } from '../../../../services/worker/ffmpeg/media-streams.ts';
import type { MediaStream } from '../../../../shared/job/media.ts';

const VIDEO = {
  index: 0,
  codec_name: 'h264',
  codec_type: 'video',
  width: 1920,
  height: 1080,
  pix_fmt: 'yuv420p',
  field_order: 'progressive',
  r_frame_rate: '24000/1001',
  avg_frame_rate: '24000/1001',
  time_base: '1/90000',
  start_pts: 126000,
  disposition: { default: 1, forced: 0 },
};

function parsed(fields: object, durationIsEnd = false): MediaStream {
  const { streams } = ffprobeAnswer.parse({ format: { format_name: 'mpegts' }, streams: [{ ...VIDEO, ...fields }] });
  const [stream] = streams;
  if (stream === undefined) throw new Error('no stream');
  return mediaStream(stream, durationIsEnd);
}

test('numbers that are text, N/A or absent become numbers or null', () => {
  expect(parsed({ bit_rate: '4000000', nb_frames: 'N/A', duration: 'N/A', sample_aspect_ratio: '0:1' })).toMatchObject({
    bit_rate: 4_000_000,
    frame_count: null,
    duration_seconds: null,
    sample_aspect_ratio: null,
    start_ticks: 126_000,
    time_base: { num: 1, den: 90_000 },
    dispositions: ['default'],
  });
});

test.each([
  ['constant', '24000/1001', '24000/1001', 'progressive'],
  ['constant', '25/1', '37500/1501', 'progressive'], // the last frame of an MP4 counted twice as long
  ['constant', '50/1', '25/1', 'tt'], // fields
  ['variable', '50/1', '25/1', 'progressive'],
  ['variable', '60/1', '30000/1001', 'progressive'],
  ['variable', '1000/1', '2997/125', 'progressive'],
  ['unknown', '25/1', '0/0', 'progressive'],
])('a rate is %s when nominal is %s and average %s (%s)', (mode, nominal, average, order) => {
  const stream = parsed({ r_frame_rate: nominal, avg_frame_rate: average, field_order: order });
  expect(stream).toMatchObject({ frame_rate_mode: mode });
});

test.each([
  [0, 0],
  [-90, 90],
  [90, 270],
  [180, 180],
  [-180, 180],
  [-88.5, 90],
])('a display matrix of %i degrees turns the picture clockwise by %i', (rotation, clockwise) => {
  expect(parsed({ side_data_list: [{ side_data_type: 'Display Matrix', rotation }] })).toMatchObject({
    rotation: clockwise,
  });
});

test('the duration in a tag is taken, and is an end when FFmpeg wrote it', () => {
  const fields = { tags: { DURATION: '01:00:30.500000000' }, start_time: '3600.000000' };
  expect(parsed(fields)).toMatchObject({ duration_seconds: 3630.5 });
  expect(parsed(fields, true)).toMatchObject({ duration_seconds: 30.5 });
});

test('an undetermined language is none', () => {
  expect(parsed({ tags: { language: 'und' } })).toMatchObject({ language: null });
  expect(parsed({ tags: { LANGUAGE: 'ger', title: 'Ton' } })).toMatchObject({ language: 'ger', title: 'Ton' });
});

test('a stream of a kind that FFmpeg does not name is data', () => {
  expect(parsed({ codec_type: undefined, codec_name: undefined })).toMatchObject({ type: 'data', codec: 'unknown' });
});
