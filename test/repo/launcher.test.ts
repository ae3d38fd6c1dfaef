import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { isAlive } from '../support/is-alive.ts';
import { ROOT } from './repo-files.ts';

const runToEnd = pathToFileURL(path.join(ROOT, 'bin/run-to-end.mjs')).href;

/** A launcher, run to its end, around a child that runs the given script. It stands outside any terminal's foreground. */
function launch(childScript: string) {
  const launcher = `import { runToEnd } from '${runToEnd}'; await runToEnd(process.execPath, process.argv.slice(1));`;
  return execa(process.execPath, ['--input-type=module', '-e', launcher, '--', '-e', childScript], {
    reject: false,
    detached: true,
    buffer: false,
  });
}

/** Says "ready", then counts the signals it gets and ends half a second after the first, with 40 + their number. */
const countSignals = (signal: string) => `
  let count = 0;
  process.on('${signal}', () => { if (++count === 1) setTimeout(() => process.exit(40 + count), 500); });
  setInterval(() => {}, 1000);
  console.log('ready');
`;

test('the launcher ends with the exit code of its child', async () => {
  expect((await launch('process.exit(7)')).exitCode).toBe(7);
});

test('the launcher dies of the signal its child died of', async () => {
  expect((await launch(`process.kill(process.pid, 'SIGKILL')`)).signal).toBe('SIGKILL');
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s reaches the child once, and the launcher outlives it', async (signal) => {
  const launcher = launch(countSignals(signal));
  for await (const line of launcher) {
    expect(line).toBe('ready');
    process.kill(launcher.pid ?? 0, signal);
  }
  expect((await launcher).exitCode).toBe(41);
});

test('a launcher killed with -9 is noticed by a child on a leash', async () => {
  const child = `process.on('disconnect', () => process.exit()); console.log(process.pid)`;
  const script = `import { runToEnd } from '${runToEnd}'; await runToEnd(process.execPath, process.argv.slice(1), { leash: true });`;
  const launcher = execa(process.execPath, ['--input-type=module', '-e', script, '--', '-e', child], {
    reject: false,
    buffer: false,
  });
  let pid = 0;
  for await (const line of launcher) {
    pid = Number(line);
    launcher.kill('SIGKILL');
  }
  await eventually(() => expect(isAlive(pid)).toBe(false));
});
