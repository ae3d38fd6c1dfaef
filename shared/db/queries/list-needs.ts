import { type Needs, needsOfClass } from '../../job/queue-class.ts';
import type { Db } from '../store.ts';

/** What each class needs that a task ever had, by the name of the class. */
export async function listNeeds(db: Db): Promise<ReadonlyMap<string, Needs>> {
  const rows = await db.selectFrom('task_classes').select(['name', 'needs']).orderBy('name').execute();
  return new Map(rows.map((row) => [row.name, needsOfClass(row)]));
}
