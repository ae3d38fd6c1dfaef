/*
 * What ffmill has in the broker. Nothing in it is the only copy of anything: the rows are the truth, and all of it may
 * be deleted at any time (PROTOCOL A5).
 *
 *   coordinator, janitor                                                        workers
 *
 *   token ──► ffmill.tasks (direct) ──<class>──► ffmill.tasks.<class> ────────► those that the class was given to
 *                                                  │ quorum; gone after 24 h without use
 *                                                  ▼ refused without requeue
 *             ffmill.dead (topic) ◄────────────────┴───────────────────────────  what no one could read
 *                └────#────► ffmill.dead (quorum; kept for 30 days, with the reason)
 *
 *   nudge ──► ffmill.control (topic) ──worker.<id>, workers──► ffmill.worker.<id> (exclusive) ──► that worker
 *
 *   event ──► ffmill.events (topic) ──#──► ffmill.coordinator.<uuid> (exclusive, the newest 10,000) ──► coordinators
 *                                  └──────► watch.… : queues of whoever wants to watch
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Exchange = { readonly name: string; readonly type: 'direct' | 'topic' };

/** Durable, all of them. */
export const EXCHANGES = {
  tasks: { name: 'ffmill.tasks', type: 'direct' },
  control: { name: 'ffmill.control', type: 'topic' },
  events: { name: 'ffmill.events', type: 'topic' },
  dead: { name: 'ffmill.dead', type: 'topic' },
} as const satisfies Record<string, Exchange>;

export const DEAD_QUEUE = {
  name: 'ffmill.dead',
  options: { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-message-ttl': 30 * DAY_MS } },
} as const;

/** The queue of a class; bound to `ffmill.tasks` by the class's own name. */
export function classQueue(queueClass: string): string {
  return `ffmill.tasks.${queueClass}`;
}

/**
 * No delivery limit: rows count the attempts. A week until the broker takes a token back from a worker that is still at
 * it: longer than any encode, and harmless when it does. A queue without consumers goes a day after its last use; the
 * reconcile declares it again.
 */
export const CLASS_QUEUE_OPTIONS = {
  durable: true,
  arguments: {
    'x-queue-type': 'quorum',
    'x-delivery-limit': -1,
    'x-expires': DAY_MS,
    'x-consumer-timeout': 7 * DAY_MS,
    'x-dead-letter-exchange': EXCHANGES.dead.name,
  },
} as const;

/** What one worker hears of `ffmill.control`. */
export function controlQueue(workerId: string) {
  return {
    name: `ffmill.worker.${workerId}`,
    options: { exclusive: true, autoDelete: true, durable: false, arguments: { 'x-queue-type': 'classic' } },
    keys: [`worker.${workerId}`, 'workers'],
  } as const;
}

/** What one coordinator hears of `ffmill.events`. One that cannot keep up loses the oldest: the database has them. */
export function watchQueue(id: string) {
  return {
    name: `ffmill.coordinator.${id}`,
    options: {
      ...{ exclusive: true, autoDelete: true, durable: false },
      arguments: { 'x-queue-type': 'classic', 'x-max-length': 10_000 },
    },
    keys: ['#'],
  } as const;
}
