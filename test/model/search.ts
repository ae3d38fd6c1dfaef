import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Run, Verdict } from './runs.ts';

const execute = promisify(execFile);

export type Found = {
  readonly verdict: Verdict;
  readonly states: number;
  readonly seconds: number;
  /** The way to what is wrong, in the model's own words; empty where nothing is. */
  readonly story: string;
};

/** Of two searches side by side, with room to spare under 4 GB. */
const MEMORY_MIB = 1_500;
const DEPTH = 500_000;
const LONGEST_MS = 150_000;
const COMPILER = ['-O1', '-w', `-DMEMLIM=${MEMORY_MIB}`];
const OUTPUT = { maxBuffer: 64 * 1024 * 1024 };

/** Searches all that a variant of a model can do, in a folder of its own. @throws what spin or the compiler refuses. */
export async function search(run: Run, folder: string): Promise<Found> {
  const begun = performance.now();
  const file = `${run.model}.pml`;
  await copyFile(fileURLToPath(new URL(file, import.meta.url)), join(folder, file));
  const defines = run.defines.map((define) => `-D${define}`);
  const here = { cwd: folder, ...OUTPUT };
  await execute('spin', ['-a', ...defines, file], here);
  await execute('gcc', [...COMPILER, ...kindOfSearch(run), '-o', 'pan', 'pan.c'], here);
  const { stdout } = await execute('./pan', optionsOf(run), { ...here, timeout: LONGEST_MS }).catch(givenUp);
  const verdict = verdictOf(stdout);
  return {
    ...{ verdict, states: Number(/(\d+(?:\.\d+)?(?:e\+\d+)?) states, stored/.exec(stdout)?.[1] ?? 0) },
    seconds: (performance.now() - begun) / 1000,
    story: verdict === 'holds' ? '' : await tell(defines, file, folder),
  };
}

/** A search that takes so long will not fit into memory either: the table says so. */
function givenUp(error: unknown): { stdout: string } {
  if (error instanceof Error && 'killed' in error && error.killed === true) return { stdout: '' };
  throw error;
}

/** Breadth first finds the shortest way to what is wrong; a search of everything is cheaper depth first. */
function kindOfSearch({ claim, expected }: Run): string[] {
  if (claim !== undefined) return ['-DNFAIR=3', '-DCOLLAPSE'];
  return expected === 'holds' ? ['-DSAFETY', '-DCOLLAPSE'] : ['-DSAFETY', '-DCOLLAPSE', '-DBFS'];
}

/** `-E`: a search for an assertion shall not end at the dead end that the same variant has too. */
function optionsOf({ claim, expected }: Run): string[] {
  if (claim !== undefined) return [`-m${DEPTH}`, '-a', '-f', '-E', '-N', claim];
  return [`-m${DEPTH}`, ...(expected === 'broken' ? ['-E'] : [])];
}

function verdictOf(output: string): Verdict {
  if (/^pan:\d+: assertion violated/m.test(output)) return 'broken';
  if (/^pan:\d+: invalid end state/m.test(output)) return 'stuck';
  if (/^pan:\d+: (acceptance|non-progress) cycle/m.test(output)) return 'for ever';
  const whole = /errors: 0$/m.test(output) && !/max search depth too small|Search not completed/.test(output);
  return whole ? 'holds' : 'incomplete';
}

/** Walks the way that was found once more, and keeps what the steps say. */
async function tell(defines: readonly string[], file: string, folder: string): Promise<string> {
  const walk = await execute('spin', ['-t', ...defines, file], { cwd: folder, ...OUTPUT }).catch(() => undefined);
  const lines = walk?.stdout.split('\n') ?? [];
  return lines
    .filter(
      (line) =>
        !/^\s*(#|spin:|-{3,}|\d+ process|$)|proc\s+[-\d]+ \(|Never claim|^ltl |^\s*[a-z]\w*(\[\d+\])? = /.test(line),
    )
    .join('\n');
}
