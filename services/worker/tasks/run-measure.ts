import type { MeasureResult, MeasureSpec } from '../../../shared/job/task.ts';
import { makeFirstPass } from './make-first-pass.ts';
import type { TaskContext } from './task-context.ts';

/** Finds out what one interval of the picture costs beside the others. */
export async function runMeasure(context: TaskContext, spec: MeasureSpec): Promise<MeasureResult> {
  return await makeFirstPass(context, spec, 1);
}
