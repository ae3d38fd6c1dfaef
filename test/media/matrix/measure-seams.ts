import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SegmentSpec } from '../../../shared/job/task.ts';
import { ffmpeg } from '../support/ffmpeg.ts';
import type { Made } from './pair.ts';

export type SeamQuality = {
  /** Bytes of the picture against one process: 0.01 is 1 % more. Null: too short to tell. */
  readonly sizeCost: number | null;
  /** The lowest SSIM near a seam, and of any frame that one process makes. */
  readonly atSeams: number;
  readonly uncut: number;
  readonly problems: readonly string[];
};

const MOST_SIZE_COST = 0.01;
/** Frames before and after the seam at which an encoder that starts anew could be seen. */
const NEAR = 12;
/**
 * By how much the worst frames of two encodes of the same pictures differ: each frame's quantizer follows from what came
 * before it. Seen: 0.0057, one frame of 136 with x264's fastest preset. 0.01 for the length of a frame is not visible.
 */
const DIP = 0.01;

type Measured = {
  readonly split: Made;
  readonly whole: Made;
  /** What the pictures are to look like: the same source encoded without loss. */
  readonly meant: Made;
  /** Whether the clip is long enough for its bytes to tell something. */
  readonly long: boolean;
};

/** What the seams cost in bytes, and whether the picture is worse around them than one process makes it anywhere. */
export async function measureSeams({ split, whole, meant, long }: Measured): Promise<SeamQuality> {
  const [joined, uncut] = await Promise.all([ssim(split, meant), ssim(whole, meant)]);
  const seams = seamFrames(split);
  const near = joined.filter((_, index) => seams.some((seam) => Math.abs(index - seam) <= NEAR));
  const [atSeams, lowest] = [Math.min(...near), Math.min(...uncut)];
  const sizeCost = long ? (await pictureBytes(split)) / (await pictureBytes(whole)) - 1 : null;
  return {
    ...{ sizeCost, atSeams, uncut: lowest },
    problems: [
      ...((sizeCost ?? 0) <= MOST_SIZE_COST ? [] : [`seams cost ${((sizeCost ?? 0) * 100).toFixed(2)} % of the size`]),
      ...(atSeams >= lowest - DIP ? [] : [`SSIM ${atSeams} at a seam, in one process nowhere below ${lowest}`]),
    ],
  };
}

/** The number of the first frame of each segment but the first. */
function seamFrames({ run, look: { frames } }: Made): number[] {
  return run.plan.tasks.flatMap(({ kind, spec }) => {
    const { start_ticks: start, origin_ticks: origin, time_base: base } = spec as SegmentSpec;
    if (kind !== 'segment' || start === null) return [];
    const at = ((start - origin) * base.num) / base.den;
    return frames.findIndex(({ seconds }) => seconds >= at - 0.001);
  });
}

/** Of each frame, against the frame of the same number. */
async function ssim(made: Made, meant: Made): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-ssim-'));
  const stats = join(folder, 'ssim');
  const numbered = 'settb=1/25,setpts=N,format=yuv420p';
  const graph = `[0:v:0]${numbered}[made];[1:v:0]${numbered}[meant];[made][meant]ssim=stats_file=${stats}`;
  try {
    await ffmpeg('-i', made.run.path, '-i', meant.run.path, '-lavfi', graph, '-f', 'null', '-');
    return [...(await readFile(stats, 'utf8')).matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function pictureBytes({ run: { path } }: Made): Promise<number> {
  const bare = `${path}.bytes.h264`;
  await ffmpeg('-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'data', '-y', bare);
  return (await stat(bare)).size;
}
