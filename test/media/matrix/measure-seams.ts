import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SegmentSpec } from '../../../shared/job/task.ts';
import { ffmpeg } from '../support/ffmpeg.ts';
import type { Frame } from '../support/frames.ts';
import type { Pair } from './pair.ts';

export type SeamQuality = {
  /** Bytes of the picture against one process: 0.01 is 1 % more. */
  readonly sizeCost: number;
  /** The lowest SSIM near a seam, and of all other frames. */
  readonly atSeams: number;
  readonly elsewhere: number;
  readonly problems: readonly string[];
};

const MOST_SIZE_COST = 0.01;
/** Frames before and after the seam at which an encoder that starts anew could be seen. */
const NEAR = 12;

/** What the seams of a long clip cost in bytes, and whether the picture is worse around them than anywhere else. */
export async function measureSeams(measured: {
  input: string;
  ordinary: Pair;
  frames: readonly Frame[];
}): Promise<SeamQuality> {
  const { input, ordinary } = measured;
  const { split, whole } = ordinary;
  if (whole === null) throw new Error('what is not cut has no seams');
  const [similar, splitBytes, wholeBytes] = await Promise.all([
    ssim(split.run.path, input),
    pictureBytes(split.run.path),
    pictureBytes(whole.run.path),
  ]);
  const seams = seamFrames(ordinary);
  const near = (index: number) => seams.some((seam) => Math.abs(index - seam) <= NEAR);
  const lowest = (frames: readonly number[]) => Math.min(...frames);
  const atSeams = lowest(similar.filter((_, index) => near(index)));
  const elsewhere = lowest(similar.filter((_, index) => !near(index)));
  const sizeCost = splitBytes / wholeBytes - 1;
  return {
    sizeCost,
    atSeams,
    elsewhere,
    problems: [
      ...(sizeCost <= MOST_SIZE_COST ? [] : [`seams cost ${(sizeCost * 100).toFixed(2)} % of the size`]),
      ...(atSeams >= elsewhere ? [] : [`SSIM ${atSeams} at a seam, nowhere else below ${elsewhere}`]),
    ],
  };
}

/** The number of the first frame of each segment but the first. */
function seamFrames({ split }: Pair): number[] {
  const { frames } = split.look;
  return split.run.plan.tasks.flatMap(({ kind, spec }) => {
    const { start_ticks: start, origin_ticks: origin, time_base: base } = spec as SegmentSpec;
    if (kind !== 'segment' || start === null) return [];
    const at = ((start - origin) * base.num) / base.den;
    return frames.findIndex(({ seconds }) => seconds >= at - 0.001);
  });
}

/** Of each frame, against the frame of the same number. */
async function ssim(path: string, input: string): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-ssim-'));
  const stats = join(folder, 'ssim');
  const numbered = 'settb=1/25,setpts=N,format=yuv420p';
  const graph = `[0:v:0]${numbered}[made];[1:v:0]${numbered}[meant];[made][meant]ssim=stats_file=${stats}`;
  try {
    await ffmpeg('-i', path, '-i', input, '-lavfi', graph, '-f', 'null', '-');
    return [...(await readFile(stats, 'utf8')).matchAll(/All:([\d.]+)/g)].map(([, value]) => Number(value));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function pictureBytes(path: string): Promise<number> {
  const bare = `${path}.bytes.h264`;
  await ffmpeg('-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'data', '-y', bare);
  return (await stat(bare)).size;
}
