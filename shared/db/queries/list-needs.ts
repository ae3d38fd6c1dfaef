import { type Needs, needsOfClass, type QueueClass } from '../../job/queue-class.ts';
import type { Db } from '../store.ts';

/** What each class needs that a task ever had, by the name of the class. */
export async function listNeeds(db: Db): Promise<ReadonlyMap<string, Needs>> {
  return needsByClass(await classesAndNeeds(db).execute());
}

/** The query behind it, to be sent together with others. */
export function classesAndNeeds(db: Db) {
  return db.selectFrom('task_classes').select(['name', 'needs']).orderBy('name');
}

/** What it finds, by the name of the class. */
export function needsByClass(
  rows: readonly { readonly name: QueueClass; readonly needs: string | null }[],
): ReadonlyMap<string, Needs> {
  return new Map(rows.map((row) => [row.name, needsOfClass(row)]));
}
