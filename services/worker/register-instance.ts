import { type InstanceId, newId } from '../../shared/job/ids.ts';
import type { HardwarePool } from '../../shared/job/pools.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { RegisterBody, Subscriptions } from '../../shared/wire/workers.ts';
import type { WorkerConfig } from './config.ts';
import { describeWorker } from './describe-worker.ts';
import type { Journal } from './journal.ts';
import { NOTHING_PROVED } from './prove-in-background.ts';
import { type Registration, register } from './registration.ts';
import type { Contact } from './uplink/contact.ts';
import type { Coordinator } from './uplink/coordinator.ts';

const NO_HARDWARE: Record<HardwarePool, number> = { nvenc: 0, vaapi: 0, qsv: 0, videotoolbox: 0 };

/** One life of this worker in the farm. */
export type RegisteredInstance = {
  readonly instanceId: InstanceId;
  readonly registration: Registration;
  /** How often the coordinators want to hear of it. */
  readonly heartbeatMs: number;
  /** Registers again with what is proved now. @throws AppError `name_in_use`. */
  tellProved(proved: RegisterBody['capabilities'], hardware: Record<HardwarePool, number>): Promise<void>;
};

type Needs = {
  readonly config: WorkerConfig;
  readonly coordinator: Coordinator;
  readonly contact: Contact;
  readonly journal: Journal;
  readonly log: Logger;
  readonly signal: AbortSignal;
  onSubscriptions(list: Subscriptions): void;
};

/** Registers a new life of this worker, which releases what the former one held. Waits for a coordinator to answer. */
export async function registerInstance({
  config,
  coordinator,
  contact,
  journal,
  log,
  signal,
  onSubscriptions,
}: Needs): Promise<RegisteredInstance> {
  const instanceId = newId<InstanceId>();
  const former = journal.formerInstance();
  let proved = NOTHING_PROVED;
  let hardware = NO_HARDWARE;
  const { registration, answer } = await register({
    ...{ coordinator, contact, signal, onSubscriptions },
    describe: () => describeWorker(config, { instanceId, former, proved, hardware }),
    onUnanswered: (error) => log.warn({ detail: error.message }, 'no coordinator answers'),
  });
  journal.setInstance(instanceId);
  return {
    ...{ instanceId, registration, heartbeatMs: answer.heartbeat_seconds * 1000 },
    tellProved(now, slots) {
      proved = now;
      hardware = slots;
      return registration.renew();
    },
  };
}
