import { FINAL_TASK_STATES } from '../../job/transitions.ts';
import type { Db } from '../store.ts';
import { countClaimableTasks } from './count-claimable-tasks.ts';
import { countOfferedTasks } from './count-offered-tasks.ts';

/**
 * How many tokens the queue of each class should hold at least: one for each task that could be claimed now, 0 for a
 * class whose unfinished tasks all run or wait. Classes without an unfinished task are not in the map.
 */
export async function countWantedTokens(db: Db, now: number): Promise<Map<string, number>> {
  const open = await db
    .selectFrom('tasks')
    .select('class')
    .distinct()
    .where('state', 'not in', [...FINAL_TASK_STATES])
    .execute();
  const wanted = new Map(open.map((row) => [row.class, 0]));
  for (const [name, count] of await countClaimableTasks(db, now)) wanted.set(name, count);
  for (const [name, count] of await countOfferedTasks(db)) wanted.set(name, (wanted.get(name) ?? 0) + count);
  return wanted;
}
