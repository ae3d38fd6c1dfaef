import type { TokenDelivery } from '../../../shared/broker/worker-link.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { Pool } from '../../../shared/job/pools.ts';
import type { Token } from '../../../shared/wire/tokens.ts';
import type { Slot } from '../slots.ts';
import type { DownlinkNeeds } from './downlink.ts';

type Claiming = Pick<DownlinkNeeds, 'claim' | 'offer' | 'giveBack'> & {
  /** Aborted when the downlink stops. */
  readonly signal: AbortSignal;
};

/**
 * How long a token waits here for the answer to its claim. With the coordinators out of this worker's reach, a worker
 * that reaches them shall have it; the claim goes on without, since it may have been granted.
 */
const PATIENCE_MS = 3_000;

/**
 * Claims for one token; without one, for any task that takes a slot of `pool`. The token is acknowledged when the
 * attempt's FFmpeg has ended, or at once when there was nothing to claim (the coordinator looked, and owes the class a
 * token where it said `again`).
 */
export async function claimForToken(
  { claim, offer, giveBack, signal }: Claiming,
  wanted: Partial<Pick<Token, 'class' | 'task_id'>> & { readonly pool?: Pool },
  delivery: Pick<TokenDelivery, 'ack' | 'requeue'>,
  slot: Slot,
): Promise<void> {
  const claimId = newId<AttemptId>();
  const impatient = setTimeout(delivery.requeue, PATIENCE_MS);
  const end = () => {
    delivery.ack();
    slot.release();
  };
  try {
    const request = {
      claim_id: claimId,
      ...(wanted.class !== undefined && { class: wanted.class }),
      ...(wanted.task_id !== undefined && { task_id: wanted.task_id }),
      ...(wanted.pool !== undefined && { pool: wanted.pool }),
    };
    const answer = await claim(request, signal);
    if ('task' in answer && answer.task !== null) offer(answer.task, { release: end });
    else end();
  } catch {
    // Only the end of this downlink interrupts a claim: `claim` waits everything else out.
    delivery.requeue();
    slot.release();
    await giveBack(claimId);
  } finally {
    clearTimeout(impatient);
  }
}
