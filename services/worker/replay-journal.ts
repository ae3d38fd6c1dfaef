import { commitAndPublish } from './commit-and-publish.ts';
import { deliverReport } from './deliver-report.ts';
import type { JournalEntry } from './journal.ts';
import type { Runner } from './run-attempt.ts';

type Replaying = Pick<Runner, 'coordinator' | 'contact' | 'journal' | 'sending' | 'log' | 'paths' | 'timing'>;

/**
 * Says what a former life of this worker could not say any more, in order. No lease is held meanwhile, so a publication
 * that the storage refuses is not waited for: it is left to settlers, this worker among them.
 */
export async function replayJournal(replaying: Replaying): Promise<void> {
  for (const entry of replaying.journal.entries()) {
    replaying.log.info({ attempt: entry.attempt, entry: entry.type }, 'replayed from the journal');
    await replay(replaying, entry);
  }
}

/** An entry that cannot be replayed shall not keep the worker from starting, now or ever: leases and settlers remain. */
async function replay(replaying: Replaying, entry: JournalEntry): Promise<void> {
  try {
    await deliverReport(replaying, entry.attempt, await reportOf(replaying, entry));
  } catch (error) {
    replaying.sending.throwIfAborted();
    replaying.log.error({ err: error, attempt: entry.attempt }, 'replay broke off');
    replaying.journal.remove(entry.attempt);
  }
}

async function reportOf(replaying: Replaying, entry: JournalEntry) {
  if (entry.type === 'report') return entry.body;
  const { order, body } = entry;
  return commitAndPublish(replaying, { order, body, begun: true, giveUp: AbortSignal.abort() });
}
