#!/usr/bin/env node
// The `ffmill` command. Any Node from 20 on can start it; one that cannot run the TypeScript sources (before 24) hands
// over to the Node that came with the package. Plain JavaScript, because it runs before types can be stripped.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { pinnedNode } from './pinned-node.mjs';
import { runToEnd } from './run-to-end.mjs';

const OLDEST_NODE_THAT_RUNS_US = 24;
const main = new URL('../services/cli/main.ts', import.meta.url);

if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE_THAT_RUNS_US) {
  if (main.pathname.includes('/node_modules/')) {
    const { allowTypesUnderNodeModules } = await import('./allow-types-under-node-modules.mjs');
    allowTypesUnderNodeModules();
  }
  dieWithLauncher();
  process.argv[1] = fileURLToPath(main);
  await import(main.href);
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `ffmill needs Node ${OLDEST_NODE_THAT_RUNS_US} or newer, this is ${process.version}, and its own is not installed.\n` +
        'Install a newer Node; in a clone, `npm run setup` brings the right one.',
    );
    process.exit(1);
  }
  await runToEnd(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { leash: true });
}

/** A `kill -9` of the process that the user sees must end the work as well: it goes on where it was when started again. */
function dieWithLauncher() {
  if (process.channel === undefined) return;
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.channel.unref(); // listening alone shall not keep the process
}
