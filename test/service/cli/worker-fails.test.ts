import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newId } from '../../../shared/job/ids.ts';
import { type Bench, createBench } from '../../support/ffmill-process.ts';
import { makeTestClip } from '../../support/test-clip.ts';

let bench: Bench;
beforeEach(() => {
  bench = createBench();
});
afterEach(() => bench.clear());

/** Makes the farm's own worker one that cannot go on: as if another had taken its name. */
function takeName(dataDir: string): void {
  const database = new DatabaseSync(join(dataDir, 'ffmill.sqlite'), { timeout: 5_000 });
  database.prepare('UPDATE workers SET instance_id = ?, last_heartbeat_at = ?').run(newId(), Date.now() + 60_000);
  database.close();
}

test('a farm whose worker cannot go on ends with its error instead of waiting for ever', async () => {
  const farm = bench.start(['up', '--port', '0']);
  await farm.said('Ctrl-C stops it');
  takeName(bench.env.FFMILL_DATA_DIR ?? '');
  const { code, stderr } = await farm.endsWithin(20_000);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('(name_in_use)') });
});

test('so does a transcode, and what it has finished is kept for the next run', async () => {
  makeTestClip(join(bench.folder, 'in.mp4'), { seconds: 8 });
  const transcode = ['transcode', 'in.mp4', 'out.mp4', '--preset', 'placebo', '--width', '1280', '--segment', '2'];
  const run = bench.start(transcode);
  await run.said('cut into');
  const transcodes = join(bench.env.FFMILL_DATA_DIR ?? '', 'transcode');
  const [name = ''] = readdirSync(transcodes);
  takeName(join(transcodes, name));
  const { code, stderr } = await run.endsWithin(20_000);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('(name_in_use)') });
  expect(readdirSync(transcodes)).toEqual([name]);
});
