import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import type { JobView } from '../../../shared/wire/jobs.ts';
import { eventually } from '../../support/eventually.ts';
import { type ClipOptions, makeTestClip } from '../../support/test-clip.ts';
import type { FarmClient } from './farm-client.ts';
import type { Stack } from './stack.ts';

const run = promisify(execFile);

/** A clip in the farm's media folder, and what each correct lossless output of it decodes to. */
export type Workload = { readonly media: string; readonly frames: string; readonly clip: string };

/** Puts a clip where the workers see it. */
export async function prepareWorkload(stack: Stack, options: ClipOptions): Promise<Workload> {
  const media = await stack.volume('media');
  const clip = `in-${options.seconds}.mkv`;
  const path = join(media, clip);
  makeTestClip(`${path}.tmp.mkv`, options);
  await copyFile(`${path}.tmp.mkv`, path);
  return { media, clip, frames: await framesOf(path) };
}

let outputs = 0;

/** Submits a job that is cut into segments of 5 s and encoded without loss, so that its frames can be compared. */
export async function submitLossless(
  client: FarmClient,
  { clip }: Workload,
  name = `out-${++outputs}`,
): Promise<JobView> {
  return client.submit({
    input: `\${media}/${clip}`,
    output: `\${media}/${name}-${Date.now()}.mkv`,
    profile: 'lossless',
    segment: { mode: 'fixed', seconds: 5 },
  });
}

/** Every job completed, its file is frame for frame the source's, and it was published once. */
export async function expectIntact(
  stack: Stack,
  client: FarmClient,
  ids: readonly string[],
  workload: Workload,
): Promise<void> {
  for (const id of ids) {
    const job = await client.job(id);
    expect(job, `job ${job.number}`).toMatchObject({ state: 'completed', error: null });
    expect(await framesOf(join(workload.media, job.output.replace('${media}/', '')))).toBe(workload.frames);
  }
  const list = ids.map((id) => `'${id}'`).join(',');
  const published = await stack.sql(
    `select job_id, count(*) from events where event = 'job.completed' and job_id in (${list}) group by job_id`,
  );
  expect(Object.fromEntries(published)).toEqual(Object.fromEntries(ids.map((id) => [id, '1'])));
}

/** Hidden part folders and scratch are gone: nothing is left behind but the outputs. */
export async function expectNothingLeft(stack: Stack, { media }: Workload): Promise<void> {
  const scratch = await stack.volume('scratch');
  await eventually(async () => {
    expect((await readdir(media)).filter((name) => name.startsWith('.'))).toEqual([]);
    expect(await readdir(scratch)).toEqual([]);
  }, 60_000);
}

/** A digest of all pictures with their time stamps. */
export async function framesOf(path: string): Promise<string> {
  const args = ['-v', 'error', '-i', `file:${path}`, '-map', '0:v', '-f', 'framemd5', '-'];
  const { stdout } = await run('ffmpeg', args, { maxBuffer: 64 * 1024 * 1024 });
  const frames = stdout.split('\n').filter((line) => !line.startsWith('#'));
  return createHash('sha256').update(frames.join('\n')).digest('hex');
}
