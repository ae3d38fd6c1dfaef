import { assertNever } from '../../../shared/errors.ts';
import type { TaskSpec } from '../../../shared/job/task.ts';
import type { TaskResult } from '../../../shared/job/task-result.ts';
import { runAssemble } from './run-assemble.ts';
import { runAudio } from './run-audio.ts';
import { runMeasure } from './run-measure.ts';
import { runProbe } from './run-probe.ts';
import { runSegment } from './run-segment.ts';
import { runTranscode } from './run-transcode.ts';
import type { TaskContext } from './task-context.ts';

/** Runs the task that a spec describes. @throws AppError for everything that keeps it from its result. */
export async function runTaskKind(context: TaskContext, spec: TaskSpec): Promise<TaskResult> {
  switch (spec.kind) {
    case 'probe':
      return runProbe(context, spec);
    case 'measure':
      return runMeasure(context, spec);
    case 'segment':
      return runSegment(context, spec);
    case 'audio':
      return runAudio(context, spec);
    case 'assemble':
      return runAssemble(context, spec);
    case 'transcode':
      return runTranscode(context, spec);
    default:
      return assertNever(spec);
  }
}
