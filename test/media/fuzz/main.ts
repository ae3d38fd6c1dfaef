import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '../../support/seeded-random.ts';
import { printTable } from '../matrix/print-table.ts';
import type { Row } from '../matrix/row.ts';
import { type RowResult, runRow } from '../matrix/run-row.ts';
import { randomRow } from './random-row.ts';

const MINUTE = 60_000;
/** Rows at the same time: as many as keep two cores busy. */
const AT_ONCE = 3;

/**
 * Random sources cut at random places, for so many minutes; the same ones for the same seed. 0 when each came out as it
 * should, whether it was cut or not.
 */
export async function fuzz({ minutes, seed, only }: { minutes: number; seed: number; only?: number }): Promise<number> {
  console.log(`seed ${seed}, ${minutes} minutes`);
  const deadline = performance.now() + minutes * MINUTE;
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-fuzz-'));
  const results: RowResult[] = [];
  let next = only ?? 1;
  const lane = async () => {
    while (performance.now() < deadline) {
      const number = next++;
      if (only !== undefined && number > only) return;
      results.push(await tryRow(randomRow(`${number}`, seededRandom(seed * 100_003 + number)), folder));
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
  } finally {
    await rm(folder, { recursive: true });
  }
  console.log(printTable(results));
  return results.some(({ problems }) => problems.length > 0) ? 1 : 0;
}

async function tryRow(row: Row, folder: string): Promise<RowResult> {
  const { source, to, segmentSeconds } = row;
  const result = await runRow(row, { sources: folder, mayBeWhole: true }).catch((error: unknown) => failed(row, error));
  const { container, codec, gop, timing, rate, after } = source;
  const name = [row.name, container, codec, gop, timing, rate, after ?? '', `${segmentSeconds} s → ${to}`].join(' ');
  if (result.problems.length > 0) console.log(`${name}\n  ${JSON.stringify(row)}\n  ${result.problems.join('\n  ')}`);
  return { ...result, name };
}

function failed({ name }: Row, error: unknown): RowResult {
  const problem =
    error instanceof Error ? `${error.message} ${String(Reflect.get(error, 'stderr') ?? '')}` : String(error);
  const nothing = { cut: 'failed', frames: 0, sourceFrames: 0, equal: false, syncSeconds: null, kept: [], seams: null };
  return { name, ...nothing, problems: [problem] };
}
