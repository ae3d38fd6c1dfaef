import type { Broker } from '../../../shared/broker/broker.ts';
import { findTask } from '../../../shared/db/queries/find-task.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { TaskId } from '../../../shared/job/ids.ts';
import { publishToken, publishTokens } from '../../../shared/relay/publish-token.ts';
import { ALL_WORKERS, sendControl } from '../../../shared/relay/send-control.ts';
import { createBackground } from '../../../shared/runtime/background.ts';
import { every, type Stoppable } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import type { Token } from '../../../shared/wire/tokens.ts';

export type Tokens = Stoppable & {
  /** A claim spent a token of the class and brought nothing, though others may find something; or one was not taken. */
  owe(queueClass: string): void;
};

/** How soon a debt is paid: at once would let two workers race for one task in a circle. */
const PAY_MS = 500;

type Dependencies = { readonly store: Store; readonly broker: Broker; readonly log: Logger };

/**
 * Publishes one token for every task that this coordinator made claimable, right after the commit (PROTOCOL A5). What
 * the broker did not take, because the node at the other end died, is owed; while there is no broker at all nothing is
 * kept: the reconcile finds it missing.
 */
export function startTokens({ store, broker, log }: Dependencies): Tokens {
  const background = createBackground((error) => log.debug({ err: error }, 'a token could not be published'));
  const introduced = new Map<string, Promise<void>>();
  const owed = new Map<string, number>();

  /** A class seen for the first time gets its queue, and workers learn that they may consume it. */
  function introduce(queueClass: string): Promise<void> {
    const known = introduced.get(queueClass) ?? introduceAnew(queueClass);
    introduced.set(queueClass, known);
    known.catch(() => introduced.delete(queueClass));
    return known;
  }

  async function introduceAnew(queueClass: string): Promise<void> {
    await broker.declareClass(queueClass);
    await sendControl(broker, ALL_WORKERS, { v: 1, type: 'wake' });
  }

  async function send(token: Omit<Token, 'v'>): Promise<void> {
    try {
      await introduce(token.class);
      await publishToken(broker, token);
    } catch (error) {
      owe(token.class, 1);
      throw error;
    }
  }

  function owe(queueClass: string, count: number): void {
    owed.set(queueClass, (owed.get(queueClass) ?? 0) + count);
  }

  async function announce(event: EventBody): Promise<void> {
    const queueClass = event.data.class ?? (await findTask(store.db, event.task_id as TaskId))?.class;
    if (typeof queueClass !== 'string') return;
    const { job_id, task_id, attempt = 0 } = event;
    await send({ job_id, task_id, attempt, class: queueClass } as Omit<Token, 'v'>);
  }

  async function pay(): Promise<void> {
    if (broker.state() !== 'up') return;
    for (const [queueClass, count] of [...owed]) {
      owed.delete(queueClass);
      await publishTokens(broker, queueClass, count).catch((error: unknown) => {
        owe(queueClass, count);
        throw error;
      });
    }
  }

  const paying = every(PAY_MS, pay, (error) => log.debug({ err: error }, 'owed tokens could not be published'));
  const ignoreCommits = store.events.subscribe((event) => {
    if (isClaimable(event) && broker.state() === 'up') background.run(announce(event));
  });
  const ignoreBroker = broker.onState((state) => {
    // It may come back empty.
    if (state === 'down') introduced.clear();
    else if (owed.size > 0) paying.wake();
  });

  return {
    owe: (queueClass) => owe(queueClass, 1),
    async stop() {
      ignoreCommits();
      ignoreBroker();
      await paying.stop();
      await background.settle();
      await pay().catch(() => {});
    },
  };
}

/** A retry that has to wait gets its token when it is due, from the janitor. */
function isClaimable({ event, data }: EventBody): boolean {
  return event === 'task.pending' || (event === 'task.requeued' && !data.retry_in_seconds);
}
