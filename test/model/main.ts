import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureSpin } from './ensure-spin.ts';
import { RUNS, type Run } from './runs.ts';
import { type Found, search } from './search.ts';

/**
 * `npm run test:model [-- WORD ...]`: searches every interleaving of the protocol's models (Spin), of the code as it is
 * and of each variant that lacks a rule. Ends with 1 when anything differs from what is expected. With words only the
 * searches whose row holds all of them, and the counterexamples are told.
 */
const AT_ONCE = 2;
const words = process.argv.slice(2);
const chosen = RUNS.filter((run) => words.every((word) => rowOf(run).join(' ').includes(word)));

function rowOf({ model, variant, property, expected }: Run): string[] {
  return [model, variant, property, expected];
}

const WIDTHS = [8, 31, 29, 9, 11, 10, 7] as const;
const line = (cells: readonly string[]) => cells.map((cell, column) => cell.padEnd(WIDTHS[column] ?? 0)).join(' ');

async function searchInFolder(run: Run): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-model-'));
  try {
    return await search(run, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function say(run: Run, { verdict, states, seconds, story }: Found): void {
  const differs = verdict === run.expected ? '' : '  <-- differs';
  console.log(`${line([...rowOf(run), verdict, String(states), seconds.toFixed(1)])}${differs}`);
  if (story !== '' && (words.length > 0 || differs !== '')) console.log(`\n${story}\n`);
}

/** Two side by side; told in the order of the table. */
async function searchAll(): Promise<number> {
  const found = chosen.map(() => Promise.withResolvers<Found>());
  const queue = chosen.entries();
  const lane = async () => {
    for (const [place, run] of queue) await searchInFolder(run).then(found[place]?.resolve, found[place]?.reject);
  };
  const lanes = Promise.all(Array.from({ length: AT_ONCE }, lane));
  let different = 0;
  for (const [place, run] of chosen.entries()) {
    const result = await found[place]?.promise;
    if (result === undefined) continue;
    say(run, result);
    if (result.verdict !== run.expected) different += 1;
  }
  await lanes;
  return different;
}

ensureSpin();
const begun = performance.now();
console.log(line(['model', 'variant', 'property', 'expected', 'seen', 'states', 'seconds']));
const different = await searchAll();
const seconds = ((performance.now() - begun) / 1000).toFixed(0);
console.log(
  `\n${chosen.length} searches in ${seconds} s; ${different === 0 ? 'all as expected' : `${different} differ`}`,
);
if (different > 0 || chosen.length === 0) process.exitCode = 1;
