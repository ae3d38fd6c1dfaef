import { expect, test } from 'vitest';
import { type FfmpegProgress, readProgress } from '../../../../services/worker/ffmpeg/progress.ts';

function progressOf(text: string): FfmpegProgress[] {
  const all: FfmpegProgress[] = [];
  const read = readProgress((progress) => all.push(progress));
  for (const line of text.split('\n')) read(line);
  return all;
}

test('each block becomes one progress', () => {
  const text = [
    'frame=25\nfps=50.00\nstream_0_0_q=28.0\nbitrate= 120.5kbits/s\ntotal_size=15062\nout_time_us=1000000',
    'out_time_ms=1000000\nout_time=00:00:01.000000\ndup_frames=0\ndrop_frames=0\nspeed=1.98x\nprogress=continue',
    'frame=50\nfps=49.50\ntotal_size=30000\nout_time_us=2000000\nspeed=   2x\nprogress=end',
  ].join('\n');
  expect(progressOf(text)).toEqual([
    { frame: 25, fps: 50, speed: 1.98, outTimeUs: 1_000_000, totalSize: 15_062 },
    { frame: 50, fps: 49.5, speed: 2, outTimeUs: 2_000_000, totalSize: 30_000 },
  ]);
});

test('what FFmpeg does not know yet is null', () => {
  expect(progressOf('frame=0\nfps=0.00\ntotal_size=N/A\nout_time_us=N/A\nspeed=N/A\nprogress=continue')).toEqual([
    { frame: 0, fps: 0, speed: null, outTimeUs: null, totalSize: null },
  ]);
});

test('sound alone has no frames', () => {
  expect(progressOf('total_size=1000\nout_time_us=500000\nspeed=90x\nprogress=end')).toMatchObject([
    { frame: 0, fps: null, outTimeUs: 500_000 },
  ]);
});

test('a block that is not closed is not reported', () => {
  expect(progressOf('frame=25\nfps=50')).toEqual([]);
});
