import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runProbe } from '../../services/worker/tasks/run-probe.ts';
import { planProbe } from '../../shared/job/plan/plan-probe.ts';
import { stretchMatroska } from './stretch/stretch-matroska.ts';
import { stretchMp4 } from './stretch/stretch-mp4.ts';
import { ffmpeg } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { requestOf, taskContext } from './support/run-job.ts';

/** As films are sent: keyframes ten seconds apart, each five times as large as the mean of all frames, some 6 Mbit/s. */
const CLIP_SECONDS = 10;
const NOISE = `testsrc2=s=640x360:r=25:d=${CLIP_SECONDS},noise=alls=12,noise=alls=8:allf=t`;
const CLIP = [
  ...['-f', 'lavfi', '-i', NOISE, '-f', 'lavfi', '-i', `sine=r=48000:d=${CLIP_SECONDS}`],
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '250', '-bf', '2', '-crf', '23'],
  ...['-c:a', 'aac', '-movflags', '+faststart', '-threads', '1'],
];
const TWO_HOURS = 7200;

describe('to find where two hours can be cut', () => {
  it.each([
    { extension: 'mp4', stretch: stretchMp4 },
    { extension: 'mkv', stretch: stretchMatroska },
  ])('less than 1 % of an $extension file is read', async ({ extension, stretch }) => {
    const folder = await outputFolder();
    const clip = join(folder, `clip.${extension}`);
    const input = join(folder, `two-hours.${extension}`);
    await ffmpeg(...CLIP, clip);
    await stretch({ clip, output: input, times: TWO_HOURS / CLIP_SECONDS });
    const request = requestOf({ input, output: join(folder, 'out.mp4'), profile: 'h264' });
    const { spec } = planProbe({ jobId: 'job', request, slots: 8 });

    const before = await bytesRead();
    const { media, keyframes } = await runProbe(taskContext({ jobId: 'job', ordinal: 0, scratch: folder }), spec);
    const read = (await bytesRead()) - before;

    expect(Math.abs((media.duration_seconds ?? 0) - TWO_HOURS)).toBeLessThan(0.01 * TWO_HOURS);
    expect(keyframes.length).toBeGreaterThan(100);
    const { size } = await stat(input);
    console.log(`${extension}: ${megabytes(read)} of ${megabytes(size)} read, ${((read / size) * 100).toFixed(2)} %`);
    expect(read / size).toBeLessThan(0.01);
  });
});

/** By this process and all that it started and that have ended: what Linux counts for it. */
async function bytesRead(): Promise<number> {
  return Number(/^rchar: (\d+)$/m.exec(await readFile('/proc/self/io', 'latin1'))?.[1]);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
