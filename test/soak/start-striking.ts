import { setTimeout as wait } from 'node:timers/promises';
import type { Stack } from '../system/support/stack.ts';
import type { Fault, Tier } from './faults.ts';
import { type PlannedFault, STRIKE_EVERY_MS } from './plan-strikes.ts';
import { say } from './say.ts';

/** One fault that was struck. */
export type Strike = {
  readonly fault: Fault;
  readonly hit: string;
  /** Just before it was struck, by this machine's clock. */
  readonly at: number;
  /** When its mending began; Infinity: not yet. */
  brokenUntil: number;
};

/** Strikes slot after slot. `done` resolves when all that was struck is mended, or could not be. */
export function startStriking(stack: Stack, plan: readonly (readonly PlannedFault[])[]) {
  const strikes: Strike[] = [];
  const mending = new Map<Tier, Promise<void>>();

  async function strike({ fault, choice }: PlannedFault): Promise<void> {
    // The tier's last fault may take its time: a node that joins again on a busy machine.
    if (fault.lastsMs > 0) await mending.get(fault.tier);
    try {
      const { hit, at, mend } = await fault.strike(stack, choice);
      const struck: Strike = { fault, hit, at, brokenUntil: Number.POSITIVE_INFINITY };
      strikes.push(struck);
      say(`${fault.name}: ${hit}`);
      const mended = mendLater(struck, mend);
      if (fault.lastsMs > 0) mending.set(fault.tier, mended);
    } catch (error) {
      say(`${fault.name}: not struck: ${String(error)}`);
    }
  }

  async function mendLater(struck: Strike, mend: () => Promise<void>): Promise<void> {
    await wait(struck.fault.lastsMs);
    struck.brokenUntil = Date.now();
    // The whole stack is healed at the end; a node that does not come back then fails the run.
    await mend().catch((error: unknown) => say(`${struck.hit} is not mended: ${String(error)}`));
  }

  async function run(): Promise<void> {
    await wait(STRIKE_EVERY_MS); // until there is work to be hurt
    for (const slot of plan) {
      const next = wait(STRIKE_EVERY_MS);
      await Promise.all(slot.map(strike));
      await next;
    }
    await Promise.all(mending.values());
  }

  return { strikes, done: run() };
}
