// npm test [-- VITEST OPTIONS]: all projects, stage after stage. What a stage shares (a database cluster, the whole
// stack) is started by vitest for the whole run, so each stage is a run of its own and has the machine for itself. With
// options of vitest there is one run, with them: npm test -- --project unit
import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

const STAGES = [['unit', 'contract', 'repo'], ['galera'], ['service', 'media'], ['system']] as const;

const vitest = path.resolve(import.meta.dirname, '..', 'node_modules', 'vitest', 'vitest.mjs');

const folder = await mkdtemp(path.join(tmpdir(), 'ffmill-tests-'));
const failuresFile = path.join(folder, 'failures');

const options = process.argv.slice(2);
const runs = options.length > 0 ? [options] : STAGES.map((stage) => stage.flatMap((name) => ['--project', name]));
for (const run of runs) {
  const { exitCode } = await execa(process.execPath, [vitest, 'run', ...run], {
    stdio: 'inherit',
    reject: false,
    env: { FAILURES_FILE: failuresFile },
  });
  // The other stages run all the same: who waited so long wants to see everything.
  if (exitCode !== 0) {
    process.exitCode = 1;
    await appendFile(failuresFile, `vitest run ${run.join(' ')}: ended with ${exitCode}\n\n`);
  }
}

const failures = await readFile(failuresFile, 'utf8').catch(() => '');
if (failures !== '') console.error(`\nWhat failed:\n\n${failures}`);
await rm(folder, { recursive: true });
