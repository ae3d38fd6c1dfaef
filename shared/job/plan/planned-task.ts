import type { TaskKind, TaskSpec } from '../task.ts';

/** A task as planned; the database gives it an id and a state. */
export type PlannedTask<Kind extends TaskKind = TaskKind> = Kind extends TaskKind
  ? {
      readonly kind: Kind;
      /** Counts within the kind: segments from 0 in the order of time, everything else 0. */
      readonly ordinal: number;
      /** Encoders that the worker must have proved: they make the queue class. */
      readonly encoders: readonly string[];
      /** Roughly the seconds of media it works on: the share of the job's progress, and heaviest runs first. */
      readonly weight: number;
      readonly timeoutMs: number;
      /** Until the tasks have ended whose results its spec lacks. */
      readonly waits: boolean;
      readonly spec: Extract<TaskSpec, { kind: Kind }>;
    }
  : never;

/**
 * What follows the probe. Split: the segments, at most one `audio`, and one `assemble` whose inputs are not known yet
 * (`completeAssembleSpec` fills them in). With an average bit rate a `measure` task for each segment comes before
 * (`completeSegmentSpecs`). Whole: one `transcode`, and the reason why.
 */
export type Plan = {
  readonly unsplitReason: string | null;
  readonly tasks: readonly PlannedTask[];
};
