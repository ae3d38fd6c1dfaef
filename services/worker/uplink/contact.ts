import { backoffMs } from '../../../shared/job/backoff.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';

/**
 * Whether the coordinators are within reach. After an outage the order is: heartbeat, journal, claims. An expired lease
 * lasts only until somebody claims the task, so the heartbeat that takes it back comes first; and a claim sent before
 * the waiting reports could hand this worker its own finished task.
 */
export type Contact = {
  /** A request was not answered. */
  lost(): void;
  /** A heartbeat, or the registration, was answered. */
  made(): void;
  /** From now on heartbeats tell when contact is made; `beat` sends one at once. */
  soundWith(beat: () => void): void;
  /** When a request that was not answered may be tried again. Without heartbeats yet it is its own sounding. */
  again(failures: number, signal: AbortSignal): Promise<void>;
  /** Something that was not answered is still to be said; call what is returned when it was. */
  owe(): () => void;
  isLost(): boolean;
  /** Resolves in contact. */
  established(signal: AbortSignal): Promise<void>;
  /** Resolves when something new may be asked for: in contact, and nothing owed. */
  ready(signal: AbortSignal): Promise<void>;
};

/** The first repetition comes soon, for a lost answer. */
const BACKOFF = { baseMs: 200, capMs: 2_000 };
/** A report that no coordinator will ever take shall not keep the worker from its work. */
const LONGEST_DEBT_MS = 5_000;

export function createContact(): Contact {
  let inContact = false;
  let debts = 0;
  let sound: (() => void) | undefined;
  let contact = Promise.withResolvers<void>();
  let settled = Promise.withResolvers<void>();

  async function established(signal: AbortSignal): Promise<void> {
    while (!inContact && !signal.aborted) await within(contact.promise, 60_000, signal);
  }

  return {
    lost: () => {
      inContact = false;
    },
    made() {
      inContact = true;
      contact.resolve();
      contact = Promise.withResolvers();
    },
    soundWith(beat) {
      sound = beat;
    },
    // Before the first heartbeat nothing but a request can find out.
    isLost: () => sound !== undefined && !inContact,
    established,
    async again(failures, signal) {
      await sleep(backoffMs(failures, BACKOFF), signal);
      if (sound === undefined || inContact) return;
      sound();
      await established(signal);
    },
    owe() {
      debts += 1;
      return () => {
        debts -= 1;
        if (debts > 0) return;
        settled.resolve();
        settled = Promise.withResolvers();
      };
    },
    async ready(signal) {
      await established(signal);
      if (debts > 0) await within(settled.promise, LONGEST_DEBT_MS, signal);
    },
  };
}

/** Waits for a promise until the time is over or the signal is aborted. */
async function within(promise: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  await Promise.race([sleep(ms, AbortSignal.any([signal, over.signal])), promise]);
  over.abort();
}
