import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Stack } from '../system/support/stack.ts';

/** The farm's address went to this HAProxy. */
export type Move = { readonly at: number; readonly to: string };

const LOOK_EVERY_MS = 500;
const HOLDERS: Readonly<Record<string, number>> = { 'haproxy-1': 31, 'haproxy-2': 32 };

/**
 * Notes when the address of the app tier moves, whether a strike did that or the two HAProxys by themselves. Seen in
 * this machine's ARP table, which costs nothing; where the farm's network is not this machine's own nothing is seen.
 */
export function watchAddress(stack: Stack) {
  const moves: Move[] = [];
  let going = true;

  /** The network card that answers at an address; undefined while none does. */
  async function cardAt(host: number): Promise<string | undefined> {
    const address = stack.address(host);
    const heard = await fetch(`http://${address}:8404/alive`, {
      headers: { Connection: 'close' },
      signal: AbortSignal.timeout(1_000),
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (!heard) return undefined;
    const table = (await readFile('/proc/net/arp', 'utf8')).split('\n').map((line) => line.split(/\s+/));
    return table.find(([ip]) => ip === address)?.[3];
  }

  async function holderOf(card: string): Promise<string | undefined> {
    for (const [name, host] of Object.entries(HOLDERS)) if ((await cardAt(host)) === card) return name;
    return undefined;
  }

  async function watch(): Promise<void> {
    let last: string | undefined;
    while (going) {
      const card = await cardAt(100).catch(() => undefined);
      if (card !== undefined && card !== last) {
        const to = await holderOf(card);
        if (to !== undefined) {
          last = card;
          if (moves.at(-1)?.to !== to) moves.push({ at: Date.now(), to });
        }
      }
      await wait(LOOK_EVERY_MS);
    }
  }

  const done = watch();
  return {
    moves,
    async stop() {
      going = false;
      await done;
    },
  };
}
