import { AppError } from '../../shared/errors.ts';
import { backoffMs } from '../../shared/job/backoff.ts';
import type { WorkerId } from '../../shared/job/ids.ts';
import { sleep } from '../../shared/runtime/sleep.ts';
import type { RegisterBody, Subscriptions } from '../../shared/wire/workers.ts';
import type { Contact } from './uplink/contact.ts';
import type { Coordinator, Registered } from './uplink/coordinator.ts';
import { untilAnswered } from './uplink/until-answered.ts';

export type Registration = {
  /** Under which id this worker is known; the same for ever unless the coordinators forgot it. */
  readonly workerId: WorkerId;
  /**
   * Registers again, with what `describe` says now: after `unknown_worker`, or when more encoders were proved.
   *
   * @throws AppError `name_in_use`.
   */
  renew(): Promise<void>;
};

type Needs = {
  readonly coordinator: Pick<Coordinator, 'register'>;
  readonly contact: Contact;
  readonly signal: AbortSignal;
  describe(): RegisterBody;
  onUnanswered(error: Error): void;
  /** What each answer says about the classes that this worker may take. */
  onSubscriptions(list: Subscriptions): void;
};

/** Whether a refusal says that the coordinators know this life of the worker no more: it has to register again. */
export function asksToRegister(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'unknown_worker' || error.code === 'name_in_use');
}

const BACKOFF = { baseMs: 200, capMs: 5_000 };

/** Registers, however long it takes until a coordinator answers. */
export async function register(needs: Needs): Promise<{ registration: Registration; answer: Registered }> {
  const { coordinator, contact, signal, describe } = needs;
  // Not by way of the contact: while the coordinators do not know this worker, no heartbeat makes any.
  const onUnanswered = async (failures: number, error: Error) => {
    needs.onUnanswered(error);
    await sleep(backoffMs(failures, BACKOFF), signal);
  };
  const ask = async () => {
    const answer = await untilAnswered(() => coordinator.register(describe(), signal), { signal, onUnanswered });
    contact.made();
    needs.onSubscriptions(answer.subscriptions);
    return answer;
  };
  const answer = await ask();
  let workerId = answer.id;
  let wanted = false;
  let running: Promise<void> | undefined;

  /** One registration at a time; what changes meanwhile is told by another one right after. */
  async function askWhileWanted(): Promise<void> {
    while (wanted) {
      wanted = false;
      workerId = (await ask()).id;
    }
  }

  const registration: Registration = {
    get workerId() {
      return workerId;
    },
    renew() {
      wanted = true;
      running ??= askWhileWanted().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
  return { registration, answer };
}
