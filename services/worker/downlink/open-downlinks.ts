import type { BrokerConfig } from '../../../shared/broker/config.ts';
import { connectWorker } from '../../../shared/broker/connect-worker.ts';
import type { WorkerLink } from '../../../shared/broker/worker-link.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { controlMessage } from '../../../shared/wire/control.ts';
import { startAmqp } from './amqp.ts';
import { startAmqpOrLongPoll } from './amqp-or-long-poll.ts';
import type { Downlink, DownlinkNeeds } from './downlink.ts';
import { startHttpLongPoll } from './http-long-poll.ts';
import type { Subscriptions } from './subscriptions.ts';

type Needs = DownlinkNeeds & { readonly subscriptions: Subscriptions };

/** How this worker hears of work, and between two heartbeats that there is something to be heard. */
export type Downlinks = {
  start(needs: Needs): Downlink;
  /** From now on `onNudge` is called when a coordinator wants this worker to send its heartbeat. Safe to call again. */
  listenAs(workerId: string, onNudge: () => void): void;
  close(): Promise<void>;
};

type Dependencies = {
  readonly log: Logger;
  readonly name: string;
  /** How long the broker may be away before this worker claims without it. */
  readonly patienceMs: number;
};

/** With a broker: AMQP, and long-poll while that is away. Without: long-poll, and nothing is heard between heartbeats. */
export function openDownlinks(broker: BrokerConfig | undefined, { log, name, patienceMs }: Dependencies): Downlinks {
  if (broker === undefined) return { start: startHttpLongPoll, listenAs: () => {}, close: async () => {} };
  const link = connectWorker(broker, { log, name });
  return {
    start: (needs) =>
      startAmqpOrLongPoll({
        startAmqp: (onReach) => startAmqp({ ...needs, link, log, onReach }),
        startLongPoll: () => startHttpLongPoll(needs),
        ...{ patienceMs, log },
      }),
    listenAs: (workerId, onNudge) => listen(link, log, workerId, onNudge),
    close: link.close,
  };
}

/** Whatever a message says, the answer to the heartbeat is what counts. */
function listen(link: WorkerLink, log: Logger, workerId: string, onNudge: () => void): void {
  link.listenAs(workerId, ({ body }) => {
    const message = controlMessage.safeParse(body);
    if (!message.success) return log.warn({ detail: message.error.message }, 'control message not understood');
    log.debug({ type: message.data.type }, 'nudged');
    onNudge();
  });
}
