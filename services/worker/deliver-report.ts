import { AppError } from '../../shared/errors.ts';
import type { AttemptId } from '../../shared/job/ids.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { ReportBody } from '../../shared/wire/workers.ts';
import type { Journal, JournalEntry } from './journal.ts';
import type { Contact } from './uplink/contact.ts';
import type { Coordinator } from './uplink/coordinator.ts';
import { untilAnswered } from './uplink/until-answered.ts';

/** What it takes to say something to the coordinators for certain. */
export type Delivery = {
  readonly coordinator: Pick<Coordinator, 'commit' | 'report'>;
  readonly contact: Contact;
  readonly journal: Journal;
  /** Aborted when the process ends: what has no answer by then stays in the journal. */
  readonly sending: AbortSignal;
  readonly log: Logger;
};

/**
 * Reports how an attempt ended; what is to be said before is waited for at each try, when the report is safe in the
 * journal. Returns whether the report counted: `false` when the attempt no longer owns its task.
 */
export async function deliverReport(
  delivery: Delivery,
  attempt: AttemptId,
  body: ReportBody,
  saidBefore: () => Promise<void> = async () => {},
): Promise<boolean> {
  const refusal = await deliver(delivery, { type: 'report', attempt, body }, async () => {
    await saidBefore();
    await delivery.coordinator.report(attempt, body, delivery.sending);
  });
  write(delivery, (journal) => journal.remove(attempt));
  return refusal === undefined;
}

/** Writes an entry down, then asks until there is a definite answer. Returns the refusal if it is one. */
export async function deliver(
  delivery: Delivery,
  entry: JournalEntry,
  ask: () => Promise<void>,
): Promise<AppError | undefined> {
  const { contact, sending, log } = delivery;
  write(delivery, (journal) => journal.put(entry));
  let pay: (() => void) | undefined;
  const askInContact = async () => {
    if (contact.isLost()) {
      pay ??= contact.owe();
      await contact.established(sending);
    }
    return ask();
  };
  const onUnanswered = (failures: number) => {
    pay ??= contact.owe();
    contact.lost();
    return contact.again(failures, sending);
  };
  try {
    await untilAnswered(askInContact, { signal: sending, onUnanswered });
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn({ attempt: entry.attempt, entry: entry.type, code: error.code, detail: error.message }, 'refused');
    return error;
  } finally {
    pay?.();
  }
}

/** A full disk shall not stop what can still be said. If this process dies as well, leases and settlers do the rest. */
function write({ journal, log }: Delivery, change: (journal: Journal) => void): void {
  try {
    change(journal);
  } catch (error) {
    log.error({ err: error }, 'the journal cannot be written');
  }
}
