import type { TokenDelivery, WorkerLink } from '../../../shared/broker/worker-link.ts';
import { POOLS, type Pool } from '../../../shared/job/pools.ts';
import { createInFlight } from '../../../shared/runtime/in-flight.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import { token } from '../../../shared/wire/tokens.ts';
import { claimForToken } from './claim-for-token.ts';
import type { Downlink, DownlinkNeeds } from './downlink.ts';
import { type Consumers, keepConsumers } from './keep-consumers.ts';
import type { Subscriptions } from './subscriptions.ts';

/**
 * A worker that hears nothing asks all the same, this often: coordinators and workers may be connected to brokers that
 * are not connected to each other, or a queue may have lost its leader. It costs an idle worker one empty claim.
 */
const LOOK_MS = 20_000;

export type AmqpNeeds = DownlinkNeeds & {
  readonly link: Pick<WorkerLink, 'openTokenChannel'>;
  readonly subscriptions: Subscriptions;
  readonly log: Logger;
  /** How often to claim without a token; default: `LOOK_MS`. */
  readonly lookMs?: number;
  /** Whether tokens can come. Called with every change; at first they cannot. */
  onReach?(reached: boolean): void;
};

/**
 * Claims for tokens from RabbitMQ. One channel with one consumer per class that this worker was given, and none while
 * no slot is free (plan-consumers.ts has the table). A token is held until FFmpeg has ended; nothing depends on that:
 * when the broker takes it back (connection lost, held for too long, channel closed), the attempt goes on under its
 * lease, the next worker's claim finds nothing to do for it, and the late ack is dropped with its channel.
 *
 *   token ──► readable? ──no──► dead queue, with the reason
 *                │ yes
 *             free slot? ──no──► waits for the consumers' end (a moment), then back into the queue
 *                │ yes                └─► a slot frees meanwhile: taken after all
 *              claim ──► a task: attempt runs ──► FFmpeg ended: ack
 *                 ├────► nothing, or `again`: ack
 *                 └────► no answer for 3 s: back into the queue, the claim goes on
 */
export function startAmqp(needs: AmqpNeeds): Downlink {
  const { pools, subscriptions, link, log } = needs;
  const stopping = new AbortController();
  const claims = createInFlight();
  const beyond: TokenDelivery[] = [];

  const slotsOf = (queueClass: string) => pools.of(subscriptions.poolOf(queueClass));
  const slotsFor = (delivery: TokenDelivery) => slotsOf(delivery.queueClass);

  function take(delivery: TokenDelivery): void {
    const read = token.safeParse(delivery.body);
    if (!read.success) {
      log.warn({ class: delivery.queueClass }, 'token not understood');
      void delivery.bury(reasonOf(delivery.body, read.error.message));
      return;
    }
    const slot = stopping.signal.aborted ? undefined : slotsFor(delivery).takeNow();
    if (slot !== undefined) {
      void claims.add(claimForToken({ ...needs, signal: stopping.signal }, read.data, delivery, slot));
      return;
    }
    beyond.push(delivery);
    consumers.adjust();
  }

  /** First into slots that are free after all, then back into the queue, which nothing consumes here now. */
  function placeBeyond(): void {
    for (const delivery of beyond.splice(0)) {
      if (stopping.signal.aborted || slotsFor(delivery).free() === 0) delivery.requeue();
      else take(delivery);
    }
  }

  const channel = link.openTokenChannel({
    onOpen() {
      needs.onReach?.(true);
      consumers.adjust();
    },
    onLost() {
      beyond.length = 0;
      consumers.forget();
      needs.onReach?.(false);
    },
  });
  const consumers: Consumers = keepConsumers({
    ...{ channel, log, onDelivery: take, onAdjusted: placeBeyond },
    wanted: () =>
      new Map(subscriptions.classes().map((name) => [name, stopping.signal.aborted ? 0 : slotsOf(name).free()])),
  });

  /** Claims without a token, as long as there is something to be had. */
  async function look(pool: Pool): Promise<void> {
    const slot = pools.of(pool).takeNow();
    if (slot === undefined) return;
    const offer: AmqpNeeds['offer'] = (task, taken) => {
      log.info('found a task that no token told of');
      needs.offer(task, taken);
      void claims.add(look(pool));
    };
    await claimForToken({ ...needs, offer, signal: stopping.signal }, { pool }, { ack() {}, requeue() {} }, slot);
  }

  const lookForAll = () => {
    for (const pool of POOLS) void claims.add(look(pool));
  };
  const looking = setInterval(lookForAll, needs.lookMs ?? LOOK_MS);
  const forget = [
    () => clearInterval(looking),
    pools.onChange(consumers.adjust),
    subscriptions.onChange(consumers.adjust),
  ];

  return {
    async stop() {
      stopping.abort();
      for (const end of forget) end();
      consumers.adjust();
      await Promise.all([consumers.adjusted(), claims.settled()]);
      channel.retire();
    },
  };
}

/** What a person reads beside the message in the dead queue. */
function reasonOf(body: unknown, detail: string): string {
  if (body === undefined) return 'not JSON';
  const version = typeof body === 'object' && body !== null && 'v' in body ? body.v : 1;
  return version === 1 ? `not a token: ${detail.slice(0, 500)}` : `a token of version ${JSON.stringify(version)}`;
}
