import path from 'node:path';
import { execa } from 'execa';
import type { Check } from './checks.ts';

export type CheckResult = { readonly name: string; readonly passed: boolean; readonly output: string };

const BIN = path.resolve(import.meta.dirname, '..', 'node_modules', '.bin');

/** Runs one check in a folder. Output is kept back, so that a passing check stays silent. */
export async function runCheck({ name, args: [program, ...args] }: Check, folder: string): Promise<CheckResult> {
  const result = await execa(path.join(BIN, program), args, {
    cwd: folder,
    all: true,
    reject: false,
    stdin: 'ignore',
    env: { PATH: `${BIN}${path.delimiter}${process.env.PATH ?? ''}` }, // the tools need our Node, not the machine's
  });
  return { name, passed: result.exitCode === 0, output: result.all };
}
