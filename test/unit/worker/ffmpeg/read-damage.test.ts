import { expect, test } from 'vitest';
import { readDamage } from '../../../../services/worker/ffmpeg/read-damage.ts';

const OLD = (seconds: number) =>
  `[info] decoder -> ist_index:0 type:video frame_pts:1 frame_pts_time:${seconds} best_effort_ts:1 best_effort_ts_time:${seconds} keyframe:0`;
const NEW = (seconds: number) =>
  `[vist#0:0/h264 @ 0x55] [dec:h264 @ 0x56] [info] decoder -> pts:1 pts_time:${seconds} pkt_dts:9 pkt_dts_time:9 duration:1`;
const CORRUPT = '[warning] in.mp4: corrupt decoded frame in stream 0';

function places(lines: readonly string[], joined = false) {
  const reader = readDamage('video', 0, joined);
  for (const line of lines) reader.add(line);
  reader.end();
  return reader.stretches().map(({ from, to }) => [from, to]);
}

test.each([
  ['5.1', OLD],
  ['7.1', NEW],
])('a complaint is about the frame that follows it, in the words of %s', (_version, frame) => {
  expect(places([frame(1), CORRUPT, frame(1.04), frame(1.08)])).toEqual([[1.04, 1.04]]);
});

test('where two recordings were joined only the decoder tells of damage', () => {
  const jump = '[warning] in.ts: corrupt input packet in stream 0';
  expect(places([OLD(1), jump, OLD(1.04)])).toEqual([[1.04, 1.04]]);
  expect(places([OLD(1), jump, OLD(1.04)], true)).toEqual([]);
  expect(places([OLD(1), jump, CORRUPT, OLD(1.04)], true)).toEqual([[1.04, 1.04]]);
});

test('damage within a second is one place, what is farther another', () => {
  const lines = [CORRUPT, OLD(1), OLD(1.5), CORRUPT, OLD(2), OLD(3), OLD(4), CORRUPT, OLD(5)];
  expect(places(lines)).toEqual([
    [1, 2],
    [5, 5],
  ]);
});

test('a complaint after the last frame is about the end', () => {
  expect(places([OLD(7), '[matroska,webm @ 0x5] [error] File ended prematurely'])).toEqual([[7, 7]]);
});

test.each([
  ['5.1', '[info] demuxer -> ist_index:0 type:video pkt_pts:9941', OLD],
  ['7.1', '[vist#0:0/h264 @ 0x55] [info] demuxer -> ist_index:0:0 type:video pkt_pts:9941', NEW],
])('what Matroska skips is damage, but not before the first packet, in the words of %s', (_version, packet, frame) => {
  const skipped = '[matroska,webm @ 0x5] [error] Unknown-sized element at 0x2fb21 inside parent with finite size';
  expect(places([skipped, packet, frame(1)])).toEqual([]);
  expect(places([packet, frame(1), skipped, packet, frame(4)])).toEqual([[4, 4]]);
});
