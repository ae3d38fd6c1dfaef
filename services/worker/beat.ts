import { loadavg } from 'node:os';
import type { InstanceId } from '../../shared/job/ids.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { HeartbeatAnswer, Subscriptions } from '../../shared/wire/workers.ts';
import type { HeldAttempts } from './held-attempts.ts';
import { asksToRegister, type Registration } from './registration.ts';
import type { Contact } from './uplink/contact.ts';
import type { Coordinator } from './uplink/coordinator.ts';

type Beating = {
  readonly coordinator: Pick<Coordinator, 'heartbeat'>;
  readonly contact: Contact;
  readonly registration: Registration;
  readonly instanceId: InstanceId;
  readonly held: HeldAttempts;
  readonly log: Logger;
  status(): 'online' | 'draining' | 'error';
  /** The operator's wish that this worker takes no more tasks, or takes some again. */
  onDrain(drain: boolean): void;
  /** The classes that this worker may take; they carry a version of their own. */
  onSubscriptions(list: Subscriptions): void;
  onFatal(error: unknown): void;
};

/** Makes what sends one heartbeat and acts on its answer. Answers may come out of order, or not at all. */
export function createBeat(beating: Beating): () => Promise<void> {
  let sent = 0;
  let newestAnswered = 0;

  return async () => {
    sent += 1;
    const number = sent;
    try {
      const answer = await send(beating);
      beating.contact.made();
      endAttempts(beating.held, answer);
      beating.onSubscriptions(answer.subscriptions);
      // An older answer that comes late would take the operator's newer wish back.
      if (number > newestAnswered) beating.onDrain(answer.drain);
      newestAnswered = Math.max(newestAnswered, number);
    } catch (error) {
      await recover(beating, error);
    }
  };
}

function send({ coordinator, registration, instanceId, held, status }: Beating): Promise<HeartbeatAnswer> {
  return coordinator.heartbeat(registration.workerId, {
    instance_id: instanceId,
    status: status(),
    load: loadavg()[0] ?? 0,
    tasks: held.describe(),
  });
}

/** Both lists name attempts, so an answer that comes late can only hit what it was meant for. */
function endAttempts(held: HeldAttempts, { cancel, lost }: HeartbeatAnswer): void {
  for (const id of cancel) held.find(id)?.end('canceled');
  for (const id of lost) held.find(id)?.end('lost');
}

/** An unreachable coordinator is no reason to stop an encode. */
async function recover({ contact, registration, log, onFatal }: Beating, error: unknown): Promise<void> {
  if (asksToRegister(error)) return registration.renew().catch(onFatal);
  contact.lost();
  log.debug({ err: error }, 'heartbeat not answered');
}
