import { countClaimableTasks } from '../../../shared/db/queries/count-claimable-tasks.ts';
import { countOfferedTasks } from '../../../shared/db/queries/count-offered-tasks.ts';
import { findGrantedClaims } from '../../../shared/db/queries/find-granted-claims.ts';
import { findNeeds } from '../../../shared/db/queries/find-needs.ts';
import { listWorkers } from '../../../shared/db/queries/list-workers.ts';
import { offerOf, type WorkerRow } from '../../../shared/db/rows.ts';
import type { Rules } from '../../../shared/db/rules.ts';
import type { Store } from '../../../shared/db/store.ts';
import { claimTask } from '../../../shared/db/transactions/claim-task.ts';
import type { AttemptId, WorkerId } from '../../../shared/job/ids.ts';
import { poolOfEncoders } from '../../../shared/job/pools.ts';
import { lackOf, type Needs, serves } from '../../../shared/job/queue-class.ts';
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
 * only as many claims as there are tasks are tried, the longest waiting first. So 200 waiting workers cost four
 * statements a second, and one new task does not start a race of 200.
 */
export function createDispatcher({ store, feed, rules, log }: Dependencies): Dispatcher {
  const waiters = new Set<Waiter>();
  let stopped = false;

  const look = async ({ workerId, body }: Claim) => claimTask(store, { workerId, body, rules });

  async function offerAll(): Promise<void> {
    if (waiters.size === 0) return;
    await giveGranted();
    const [publications, tasks] = [
      await countOfferedTasks(store.db),
      await countClaimableTasks(store.db, await store.now()),
    ];
    if (publications.size === 0 && tasks.size === 0) return;
    const workers = new Map((await listWorkers(store.db)).map((row) => [row.id, row]));
    for (const [queueClass, count] of publications) await offer({ queueClass, to: 'publish', count }, workers);
    for (const [queueClass, count] of tasks) await offer({ queueClass, to: 'run', count }, workers);
  }

  /** A claim that waits here may repeat one that was granted elsewhere meanwhile, in an answer that nobody heard. */
  async function giveGranted(): Promise<void> {
    const claims = [...waiters].map((waiter) => waiter.claim.body.claim_id);
    const granted = await findGrantedClaims(store.db, claims);
    for (const waiter of [...waiters]) if (granted.has(waiter.claim.body.claim_id)) await waiter.tryToClaim();
  }

  /**
   * Whoever sends a claim again does not hear the answer to its first sending, which therefore takes no task any more.
   * If a look is under way for the first, the repetition shares it, and both get what it brings.
   */
  function giveUpFormer(claimId: AttemptId): void {
    for (const waiter of waiters) if (waiter.claim.body.claim_id === claimId) waiter.giveUp();
  }

  /** A claim may find nothing (the task avoids its worker, or it was quicker elsewhere): then the next one is tried. */
  async function offer(offered: Offered, workers: ReadonlyMap<WorkerId, WorkerRow>): Promise<void> {
    let left = offered.count;
    const needs = await findNeeds(store.db, offered.queueClass);
    for (const waiter of [...waiters]) {
      if (left === 0) return;
      if (waiters.has(waiter) && mayTake(waiter, workers.get(waiter.claim.workerId), offered, needs)) {
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
      giveUpFormer(claim.body.claim_id);
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

/** What became claimable: tasks of a class to run, or publications of such tasks to finish. */
type Offered = { readonly queueClass: string; readonly to: 'run' | 'publish'; readonly count: number };

/** Only what spares a useless look; whether the worker gets the task is for the claim's own transaction to say. */
function mayTake({ claim }: Waiter, worker: WorkerRow | undefined, offered: Offered, needs: Needs): boolean {
  if (worker?.status !== 'online') return false;
  // Who finishes a publication encodes nothing: it needs the storage alone, whatever class it asked for.
  if (offered.to === 'publish') return lackOf(offerOf(worker), needs).paths.length === 0;
  if (claim.body.class !== undefined) return claim.body.class === offered.queueClass;
  const { pool } = claim.body;
  return (pool === undefined || poolOfEncoders(needs.encoders) === pool) && serves(offerOf(worker), needs);
}
