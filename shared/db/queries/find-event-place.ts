import type { JobId } from '../../job/ids.ts';
import type { Db } from '../store.ts';

/** Where a stored event stands: among those of its job by `seq`, among all by `position`. */
export type EventPlace = {
  readonly position: number;
  readonly jobId: JobId | null;
  readonly seq: number;
  /** Milliseconds since the epoch, by the database's clock. */
  readonly at: number;
};

/** The place of the event with this id; undefined when it is not stored (any more). */
export async function findEventPlace(db: Db, id: string): Promise<EventPlace | undefined> {
  return db
    .selectFrom('events')
    .select(['position', 'job_id as jobId', 'seq', 'at'])
    .where('id', '=', id)
    .executeTakeFirst();
}
