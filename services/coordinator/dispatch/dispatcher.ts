import { countClaimableTasks } from '../../../shared/db/queries/count-claimable-tasks.ts';
import { findNeeds } from '../../../shared/db/queries/find-needs.ts';
import { listWorkers } from '../../../shared/db/queries/list-workers.ts';
import { offerOf, type WorkerRow } from '../../../shared/db/rows.ts';
import type { Rules } from '../../../shared/db/rules.ts';
import type { Store } from '../../../shared/db/store.ts';
import { claimTask } from '../../../shared/db/transactions/claim-task.ts';
import type { WorkerId } from '../../../shared/job/ids.ts';
import { type Needs, serves } from '../../../shared/job/queue-class.ts';
import { every } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventName } from '../../../shared/wire/events.ts';
import type { ClaimAnswer } from '../../../shared/wire/workers.ts';
import type { EventFeed } from '../events/event-feed.ts';
import { type Claim, createWaiter, isTask, type Waiter } from './waiter.ts';

const NOTHING: ClaimAnswer = { task: null };

/** Gives waiting claims (long-polls) the tasks that become claimable. */
export type Dispatcher = {
  /** Resolves with a task as soon as there is one for this worker; with none when the time is up or all is ending. */
  claim(claim: Claim): Promise<ClaimAnswer>;
  stop(): Promise<void>;
};

/** Retries get due without an event, and without a broker other processes commit unheard. */
const LOOK_MS = 1000;

/** After these a worker that waits may find what it did not find before. */
const NEWS: ReadonlySet<EventName> = new Set(['task.pending', 'task.requeued', 'worker.online']);

type Dependencies = {
  readonly store: Store;
  readonly feed: EventFeed;
  readonly rules: Rules;
  readonly log: Logger;
};

/**
 * All waiting claims share one look at the database, each second and on news: it counts what is claimable by class, and
 * only as many claims as there are tasks are tried, the longest waiting first. So 200 waiting workers cost one
 * statement a second, and one new task does not start a race of 200.
 */
export function createDispatcher({ store, feed, rules, log }: Dependencies): Dispatcher {
  const waiters = new Set<Waiter>();
  let stopped = false;

  const look = async ({ workerId, body }: Claim) => claimTask(store, { workerId, body, rules });

  async function offerAll(): Promise<void> {
    if (waiters.size === 0) return;
    const counts = await countClaimableTasks(store.db, await store.now());
    if (counts.size === 0) return;
    const workers = new Map((await listWorkers(store.db)).map((row) => [row.id, row]));
    for (const [queueClass, count] of counts) await offer(queueClass, count, workers);
  }

  /** A claim may find nothing (the task avoids its worker, or it was quicker elsewhere): then the next one is tried. */
  async function offer(queueClass: string | null, count: number, workers: Map<WorkerId, WorkerRow>): Promise<void> {
    let left = count;
    const needs = queueClass === null ? null : await findNeeds(store.db, queueClass);
    for (const waiter of [...waiters]) {
      if (left === 0) return;
      if (waiters.has(waiter) && mayTake(waiter, workers.get(waiter.claim.workerId), { queueClass, needs })) {
        if (await waiter.tryToClaim()) left -= 1;
      }
    }
  }

  const looking = every(LOOK_MS, offerAll, (error) => log.warn({ err: error }, 'tasks could not be offered'));
  const ignoreNews = feed.listen(({ event }) => {
    if (NEWS.has(event)) looking.wake();
  });

  return {
    async claim(claim) {
      const answer = claim.signal.aborted ? NOTHING : await look(claim);
      const waitMs = (claim.body.wait_seconds ?? 0) * 1000;
      // A client that went meanwhile is not let in: nothing would ever take it out again.
      if (waitMs === 0 || stopped || claim.signal.aborted || isTask(answer)) return answer;
      const waiter = createWaiter(claim, { waitMs, look, onEnd: (ended) => waiters.delete(ended) });
      waiters.add(waiter);
      // What became claimable between the look and now was offered to others only.
      looking.wake();
      return waiter.answer;
    },
    async stop() {
      stopped = true;
      ignoreNews();
      for (const waiter of waiters) waiter.giveUp();
      await looking.stop();
    },
  };
}

/** What became claimable: tasks of a class, or a publication to finish, which any worker may be asked for. */
type Offered = { readonly queueClass: string | null; readonly needs: Needs | null };

/** Only what spares a useless look; whether the worker gets the task is for the claim's own transaction to say. */
function mayTake({ claim }: Waiter, worker: WorkerRow | undefined, { queueClass, needs }: Offered): boolean {
  if (worker?.status !== 'online') return false;
  if (needs === null) return true;
  if (claim.body.class !== undefined) return claim.body.class === queueClass;
  return serves(offerOf(worker), needs);
}
