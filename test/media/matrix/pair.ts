import type { JobRun } from '../support/run-job.ts';
import type { Look } from './look-at-file.ts';

/** A job that was run, and what came out of it. */
export type Made = { readonly run: JobRun; readonly look: Look };

/** The same job, cut and in one process; `whole` is null where `split` was one process already. */
export type Pair = { readonly split: Made; readonly whole: Made | null };
