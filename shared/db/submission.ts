import { createHash } from 'node:crypto';
import { type JobId, newId } from '../job/ids.ts';
import type { JobRequest } from '../job/job.ts';
import type { JobRow } from './rows.ts';

/** A request to take in; `idempotencyKey` null: it cannot be told from another like it. */
export type Submission = { readonly request: JobRequest; readonly idempotencyKey: string | null };

/** What became of it. `job`: the new job's row as it was written; undefined where it has to be read. */
export type Submitted = { readonly id: JobId; readonly created: boolean; readonly job?: JobRow };

/** A submission on its way into the database. */
export type PreparedSubmission = Submission & {
  /** The id that its job is going to have: a repeated transaction knows by it what it has already done. */
  readonly id: JobId;
  readonly hash: string;
  /** Paths can be longer than an index entry may be, so their hash is what is unique. */
  readonly reservation: string;
};

/** Draws the job's id and the hashes. */
export function prepareSubmission(submission: Submission): PreparedSubmission {
  return {
    ...submission,
    id: newId<JobId>(),
    hash: sha256(JSON.stringify(submission.request)),
    reservation: sha256(submission.request.output),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
