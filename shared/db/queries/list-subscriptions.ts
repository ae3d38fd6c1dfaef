import { serves } from '../../job/queue-class.ts';
import type { Subscriptions } from '../../wire/workers.ts';
import type { Db } from '../store.ts';

/** The classes that a worker with these proved encoders may take. `now` is the list's version: it only rises. */
export async function listSubscriptions(db: Db, proved: readonly string[], now: number): Promise<Subscriptions> {
  const rows = await db.selectFrom('task_classes').select('name').orderBy('name').execute();
  return { version: now, classes: rows.map((row) => row.name).filter((name) => serves(proved, name)) };
}
