import { docker } from '../../support/containers/docker.ts';
import type { Stack } from '../../system/support/stack.ts';

const KIB = 1024;

/** Resident memory of each coordinator's process, in bytes. */
export async function coordinatorsMemory(stack: Stack): Promise<number[]> {
  const containers = (
    await Promise.all(['coordinator-1', 'coordinator-2'].map((name) => stack.containers(name)))
  ).flat();
  return Promise.all(containers.map(biggestProcess));
}

/** The one process that counts is the biggest: beside it there is at most a shell. */
async function biggestProcess(container: string): Promise<number> {
  const lines = (await docker('top', container, '-o', 'pid,rss')).split('\n').slice(1);
  return Math.max(...lines.map((line) => Number(line.trim().split(/\s+/)[1]) * KIB));
}
