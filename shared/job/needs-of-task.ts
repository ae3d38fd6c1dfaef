import type { PathName } from './job.ts';
import { pathVariableOf } from './path-variable.ts';
import type { PlannedTask } from './plan/planned-task.ts';
import { scratchOf } from './plan/target-of.ts';
import { type Needs, needsOf } from './queue-class.ts';
import type { Target, TaskSpec } from './task.ts';

/**
 * What a worker must have for a planned task: its encoders, and the path variables of all files that it will open. The
 * job's input is counted in even where a copy of it in scratch is read: scratch is shared by the workers of one storage,
 * and a worker that has its own, elsewhere, would look for the copy in vain.
 */
export function needsOfTask({ encoders, spec }: Pick<PlannedTask, 'encoders' | 'spec'>, input: PathName): Needs {
  return needsOf(encoders, [input, ...namesIn(spec)].map(pathVariableOf));
}

/** The files that a task reads and writes, and the folders it writes into. */
export function namesIn(spec: TaskSpec): PathName[] {
  switch (spec.kind) {
    case 'probe':
      return [spec.input, spec.scratch, ...namesOf(spec.target)];
    case 'measure':
    case 'segment':
    case 'audio':
      return [spec.source, spec.scratch];
    case 'assemble':
      // What it joins is known only when that is made, and it is made in scratch.
      return [spec.input, spec.source, scratchOf(''), ...namesOf(spec.target)];
    case 'transcode':
      return [spec.input, spec.source, ...namesOf(spec.target)];
  }
}

function namesOf({ output, parts }: Target): PathName[] {
  return [output, parts];
}
