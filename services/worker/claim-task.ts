import type { InstanceId } from '../../shared/job/ids.ts';
import type { ClaimBody } from '../../shared/wire/workers.ts';
import { asksToRegister, type Registration } from './registration.ts';
import type { Contact } from './uplink/contact.ts';
import type { ClaimAnswer, Coordinator } from './uplink/coordinator.ts';

type Claiming = {
  readonly coordinator: Pick<Coordinator, 'claim'>;
  readonly contact: Contact;
  readonly registration: Registration;
  readonly instanceId: InstanceId;
  /** This worker cannot go on under its name. */
  onFatal(error: unknown): void;
};

/**
 * Claims until a coordinator answers. The claim keeps its id, so that a claim whose answer was lost is answered again
 * with the same task. Throws only what the signal was aborted for.
 */
export async function claimTask(
  claiming: Claiming,
  request: Omit<ClaimBody, 'instance_id'>,
  signal: AbortSignal,
): Promise<ClaimAnswer> {
  const { coordinator, contact, registration, instanceId } = claiming;
  const body = { ...request, instance_id: instanceId };
  for (let failures = 1; ; failures += 1) {
    await contact.ready(signal);
    signal.throwIfAborted();
    try {
      return await coordinator.claim(registration.workerId, body, signal);
    } catch (error) {
      signal.throwIfAborted();
      await recover(claiming, error);
      await contact.again(failures, signal);
    }
  }
}

async function recover({ contact, registration, onFatal }: Claiming, error: unknown): Promise<void> {
  if (asksToRegister(error)) return registration.renew().catch(onFatal);
  contact.lost();
}
