import { type Needs, needsOfClass } from '../../job/queue-class.ts';
import type { Db } from '../store.ts';

/** What the tasks of a class need. A class without a row is read from its name. */
export async function findNeeds(db: Db, name: string): Promise<Needs> {
  const row = await db.selectFrom('task_classes').select('needs').where('name', '=', name).executeTakeFirst();
  return needsOfClass({ name, needs: row?.needs ?? null });
}
