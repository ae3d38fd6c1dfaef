import { ffmpeg } from './ffmpeg.ts';

/** A decoded frame, or a packet: when it is shown, and a hash of what it holds. */
export type Frame = {
  readonly seconds: number;
  readonly hash: string;
  /** Of those that were asked for, counted from 0. */
  readonly stream: number;
};

const KEEP_TIME = ['-fps_mode', 'passthrough', '-enc_time_base', '-1'];

/** The frames of the picture as FFmpeg decodes them, with the time stamps of the file. */
export async function videoFrames(path: string, filter = 'null', stream = '0:v:0'): Promise<Frame[]> {
  return parseFrames(await ffmpeg('-i', path, '-map', stream, '-vf', filter, ...KEEP_TIME, '-f', 'framemd5', '-'));
}

/** The packets of the sound, undecoded. */
export async function audioPackets(path: string): Promise<Frame[]> {
  return parseFrames(await ffmpeg('-i', path, '-map', '0:a?', '-c', 'copy', '-f', 'framemd5', '-'));
}

/** Lines `stream, dts, pts, duration, size, hash` after `#tb 0: 1/12800`. */
export function parseFrames(framemd5: string): Frame[] {
  const timeBases = Array.from(
    framemd5.matchAll(/^#tb \d+: (\d+)\/(\d+)$/gm),
    ([, num, den]) => Number(num) / Number(den),
  );
  return framemd5
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => {
      const [stream = '0', , pts = '0', , , hash = ''] = line.split(',').map((field) => field.trim());
      const seconds = Number(pts) * (timeBases[Number(stream)] ?? Number.NaN);
      return { seconds, hash, stream: Number(stream) };
    })
    .sort((a, b) => a.stream - b.stream); // how the packets of different streams interleave says nothing
}

/** The largest difference between the time stamps of two lists of frames. */
export function largestShift(one: readonly Frame[], other: readonly Frame[]): number {
  return one.reduce(
    (most, { seconds }, index) => Math.max(most, Math.abs(seconds - (other[index]?.seconds ?? Infinity))),
    0,
  );
}

/** How many frames hold something else than the frame of the same number. */
export function countDifferent(one: readonly Frame[], other: readonly Frame[]): number {
  return one.filter(({ hash }, index) => hash !== other[index]?.hash).length;
}
