import type { TaskView } from '../../../shared/wire/jobs.ts';

/** What people call a task: segments and their first passes are counted from 1, the others are alone of their kind. */
export function taskName({ kind, ordinal }: Pick<TaskView, 'kind' | 'ordinal'>): string {
  if (ordinal < 0) return `${kind} of the plan before`;
  return kind === 'segment' || kind === 'measure' ? `${kind} ${ordinal + 1}` : kind;
}
