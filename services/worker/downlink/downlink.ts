import type { AttemptId } from '../../../shared/job/ids.ts';
import type { ClaimBody } from '../../../shared/wire/workers.ts';
import type { Pools } from '../pools.ts';
import type { Slot } from '../slots.ts';
import type { ClaimAnswer, Claimed } from '../uplink/coordinator.ts';

/** What any downlink works with. */
export type DownlinkNeeds = {
  readonly pools: Pools;
  /** One claim, asked until it is answered. `wait_seconds` makes it a long-poll. */
  claim(
    request: Pick<ClaimBody, 'claim_id' | 'class' | 'task_id' | 'pool' | 'wait_seconds'>,
    signal: AbortSignal,
  ): Promise<ClaimAnswer>;
  /** Takes over the task and the slot. */
  offer(task: Claimed, slot: Slot): void;
  /** Gives a claim back whose answer nobody waits for any more: it may have been granted. */
  giveBack(claim: AttemptId): Promise<void>;
};

/**
 * How a worker learns that a task waits. The task itself always comes as the answer to a claim over HTTP, and nothing
 * is claimed without a free slot; adapters differ in what makes them claim. `stop` resolves when no more tasks will be
 * offered.
 */
export type Downlink = { stop(): Promise<void> };
