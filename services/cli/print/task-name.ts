import type { TaskView } from '../../../shared/wire/jobs.ts';

/** What people call a task: segments are counted from 1, the others are alone of their kind. */
export function taskName({ kind, ordinal }: Pick<TaskView, 'kind' | 'ordinal'>): string {
  return kind === 'segment' ? `segment ${ordinal + 1}` : kind;
}
