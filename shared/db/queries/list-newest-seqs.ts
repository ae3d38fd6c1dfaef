import type { JobId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** Of one job, or (null) of the workers: the highest of the `seq`s and positions of its events after a position. */
export type NewestSeq = { readonly jobId: JobId | null; readonly seq: number; readonly position: number };

/** Whose events stand in the log after this position, and how far. One short row for each, however many events. */
export async function listNewestSeqs(db: Db, after: number): Promise<NewestSeq[]> {
  const rows = await db
    .selectFrom('events')
    .select((select) => ['job_id as jobId', select.fn.max('seq').as('seq'), select.fn.max('position').as('position')])
    .where('position', '>', after)
    .groupBy('job_id')
    .execute();
  return rows.map(({ jobId, seq, position }) => ({ jobId, seq: Number(seq), position: Number(position) }));
}
