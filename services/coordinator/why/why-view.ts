import type { TaskRow } from '../../../shared/db/rows.ts';
import { isFinalJobState } from '../../../shared/job/transitions.ts';
import type { WhyView } from '../../../shared/wire/jobs.ts';
import { isoTimeOrNull } from '../../../shared/wire/times.ts';
import { explainState } from './explain-state.ts';
import { refusalOfWorker } from './refusal-of-worker.ts';
import type { WhyFacts } from './why-facts.ts';

/** Enough to see a pattern; a long film has hundreds of segments, and what holds up one holds up the others. */
const MOST_WAITING = 50;

export function whyView(facts: WhyFacts): WhyView {
  const { state } = facts.job;
  // The job may have ended after its tasks were read.
  const pending = isFinalJobState(state) ? [] : facts.tasks.filter((task) => task.state === 'pending');
  const waiting = pending.slice(0, MOST_WAITING);
  return {
    state,
    reason: explainState(facts),
    waiting: waiting.map((task) => waitingView(task, facts)),
  };
}

function waitingView(task: TaskRow, facts: WhyFacts): WhyView['waiting'][number] {
  const { workers, needs, positions } = facts;
  return {
    ...{ task_id: task.id, kind: task.kind, class: task.class, position: positions.get(task.id) ?? 1 },
    not_before: isoTimeOrNull(task.not_before),
    workers: workers.map((worker) => ({
      ...{ worker_id: worker.row.id, name: worker.row.name },
      reason: refusalOfWorker({ task, needs: needs.get(task.class) }, worker, facts),
    })),
  };
}
