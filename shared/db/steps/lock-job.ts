import type { JobId } from '../../job/ids.ts';
import type { JobRow } from '../rows.ts';
import type { Db, Tx } from '../store.ts';

/**
 * Takes the job's row before anything else of the job is written: every transaction that creates, ends or cancels
 * tasks begins here, so that two of them never wait for each other crosswise (PROTOCOL A6). What is read of the job
 * from here on is current and stays so: transactions read what is committed at each statement. It really changes the
 * row, since a write that changes nothing is not certified by Galera. Undefined: there is no such job (any more).
 */
export async function lockJob(tx: Tx, id: JobId): Promise<JobRow | undefined> {
  const [, [job]] = await tx.run(jobLock(tx.db, id));
  return lockedJob(tx, job);
}

/** The statements of `lockJob`, for a transaction that sends others along; `lockedJob` takes what the second finds. */
export function jobLock(db: Db, id: JobId) {
  return [
    db
      .updateTable('jobs')
      .set((row) => ({ version: row('version', '+', 1) }))
      .where('id', '=', id),
    db.selectFrom('jobs').selectAll().where('id', '=', id),
  ] as const;
}

/** Notes that this transaction holds the job's row. */
export function lockedJob(tx: Tx, job: JobRow | undefined): JobRow | undefined {
  if (job) tx.newestSeq.set(job.id, { seq: job.event_seq, counted: false });
  return job;
}
