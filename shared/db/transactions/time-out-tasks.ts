import { failure } from '../../errors.ts';
import type { TaskState } from '../../job/transitions.ts';
import type { Rules } from '../rules.ts';
import type { Store } from '../store.ts';
import { reportAttempt } from './report-attempt.ts';

const RUNNING: TaskState[] = ['assigned', 'running'];

/**
 * Ends attempts that run longer than their task allows, as if they had reported a failure: the retry budget is used,
 * and the worker learns with its next heartbeat that the attempt is lost. Returns how many it ended.
 */
export async function timeOutTasks(store: Store, rules: Rules): Promise<number> {
  const due = await store.db
    .selectFrom('tasks')
    .select(['token', 'timeout_ms'])
    .where('state', 'in', RUNNING)
    .where('deadline_at', '<', await store.now())
    .where('token', 'is not', null)
    .limit(500)
    .execute();
  let ended = 0;
  for (const { token, timeout_ms } of due) {
    if (token === null) continue;
    const error = failure('timed_out', `the task ran for longer than ${Math.round(timeout_ms / 1000)} s`);
    const taken = await reportAttempt(store, {
      attemptId: token,
      body: { outcome: 'retry', counted: true, error, lost_files: [], metrics: {}, command: null, result: undefined },
      rules,
      onlyIn: RUNNING,
    });
    if (taken === 'recorded') ended += 1;
  }
  return ended;
}
