import type { MeasureSpec } from '../../../shared/job/task.ts';
import type { MeasureResult } from '../../../shared/job/task-result.ts';
import { makeFirstPass } from './make-first-pass.ts';
import type { TaskContext } from './task-context.ts';

/** Finds out what one interval of the picture costs beside the others. */
export async function runMeasure(context: TaskContext, spec: MeasureSpec): Promise<MeasureResult> {
  const { first_pass, complexity, frames } = await makeFirstPass(context, spec, 1);
  return { first_pass, complexity, seconds: secondsShown(spec, frames) };
}

/** A container may promise more picture than there is: its sound may last longer. FFmpeg's own clock counts no run-up. */
function secondsShown({ picture, expected_seconds: planned }: MeasureSpec, frames: number): number {
  if (!picture.constant_rate) return planned;
  return Math.min(planned, frames / picture.frames_per_second);
}
