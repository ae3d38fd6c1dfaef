// npm run test:media [-- OPTIONS OF VITEST]: the tests of this folder, with the matrix as a table.
// npm run test:media -- --fuzz [--minutes 5] [--seed N] [--only ROW]: random rows instead.
import path from 'node:path';
import { execa } from 'execa';
import { fuzz } from './fuzz/main.ts';

const argv = process.argv.slice(2);

function numberOf(option: string): number | undefined {
  const index = argv.indexOf(option);
  return index === -1 ? undefined : Number(argv[index + 1]);
}

async function vitest(): Promise<number> {
  const main = path.resolve(import.meta.dirname, '..', '..', 'node_modules', 'vitest', 'vitest.mjs');
  const args = [main, 'run', '--project', 'media', ...argv];
  const { exitCode } = await execa(process.execPath, args, { stdio: 'inherit', reject: false });
  return exitCode ?? 1;
}

const only = numberOf('--only');
process.exitCode = argv.includes('--fuzz')
  ? await fuzz({
      minutes: numberOf('--minutes') ?? 5,
      seed: numberOf('--seed') ?? Date.now() % 1_000_000,
      ...(only === undefined ? {} : { only }),
    })
  : await vitest();
