import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import { POOLS, type Pool } from '../../../shared/job/pools.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { Downlink, DownlinkNeeds } from './downlink.ts';

/** Longer than the coordinators' own look-outs, shorter than any proxy's patience. */
const WAIT_SECONDS = 20;
/** An empty answer that comes early (a coordinator that is leaving) shall not make a hot loop. */
const EMPTY_PAUSE_MS = 500;

/**
 * Claims by long-poll: while a slot is free, one request for its pool stands at a coordinator and is answered the moment
 * there is work. Which classes this worker may take the coordinator knows by itself.
 */
export function startHttpLongPoll(needs: DownlinkNeeds): Downlink {
  const stopping = new AbortController();
  const stopped = Promise.all(POOLS.map((pool) => claimWhileFree(needs, pool, stopping.signal)));
  return {
    async stop() {
      stopping.abort();
      await stopped;
    },
  };
}

async function claimWhileFree(
  { pools, claim, offer, giveBack }: DownlinkNeeds,
  pool: Pool,
  signal: AbortSignal,
): Promise<void> {
  const slots = pools.of(pool);
  for (;;) {
    const slot = await slots.take(signal);
    if (slot === undefined) return;
    const claimId = newId<AttemptId>();
    const asked = performance.now();
    try {
      const answer = await claim({ claim_id: claimId, pool, wait_seconds: WAIT_SECONDS }, signal);
      if ('task' in answer && answer.task !== null) {
        offer(answer.task, slot);
        continue;
      }
      slot.release();
      if ('task' in answer) await sleep(asked + EMPTY_PAUSE_MS - performance.now(), signal);
    } catch {
      // Only the end of this downlink interrupts a claim: `claim` waits everything else out.
      slot.release();
      await giveBack(claimId);
      return;
    }
  }
}
