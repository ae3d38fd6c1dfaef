import type { JobId } from '../../job/ids.ts';
import { findJob } from '../queries/find-job.ts';
import type { JobRow } from '../rows.ts';
import type { Tx } from '../store.ts';

/**
 * Takes the job's row before anything else of the job is written: every transaction that creates, ends or cancels
 * tasks begins here, so that two of them never wait for each other crosswise (PROTOCOL A6). It has to be the first
 * statement of the transaction: a read before it would fix what all later reads see (a snapshot), lock or no lock. It
 * really changes the row, since a write that changes nothing is not certified by Galera. Undefined: there is no such
 * job (any more).
 */
export async function lockJob(tx: Tx, id: JobId): Promise<JobRow | undefined> {
  await tx.db
    .updateTable('jobs')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('id', '=', id)
    .execute();
  return findJob(tx.db, id);
}
