/** Intervals and bounds of a worker that are not the operator's to choose. Milliseconds; tests shorten them. */
export type Timing = {
  /** Between two looks for a finished file that has vanished. */
  readonly lookAgainMs: number;
  /** How long after its commit a vanished file is waited for: longer than any cache of a network mount may lag. */
  readonly rollBackAfterMs: number;
  /** After a publication met a storage error: first, and at most. */
  readonly publishAgainMs: { readonly baseMs: number; readonly capMs: number };
  /** Log lines are sent in batches, so that FFmpeg's chatter makes few requests. */
  readonly logBatchMs: number;
  /** How long a report waits for the attempt's last log lines: who follows the log stops when the job has ended. */
  readonly lastLinesMs: number;
  /** How often files that attempts left behind are looked for: one listing per job, one question per 1000 files. */
  readonly sweepMs: number;
  /** Between two looks at the storage. */
  readonly storageCheckMs: number;
  /** After so long a look at the storage hangs. */
  readonly storageDeadlineMs: number;
  /** Storage that hangs for so long ends the attempts that run on it: elsewhere they may get on. */
  readonly storagePatienceMs: number;
  /** How long a stop waits for reports to be answered; what is not stays in the journal. */
  readonly farewellMs: number;
  /** How long no broker may be reached before tasks are claimed without one: a proxy's change of nodes takes 1 to 2 s. */
  readonly brokerPatienceMs: number;
};

export const TIMING: Timing = {
  lookAgainMs: 5_000,
  rollBackAfterMs: 120_000,
  publishAgainMs: { baseMs: 500, capMs: 10_000 },
  logBatchMs: 500,
  lastLinesMs: 2_000,
  sweepMs: 30_000,
  storageCheckMs: 5_000,
  storageDeadlineMs: 10_000,
  storagePatienceMs: 60_000,
  farewellMs: 3_000,
  brokerPatienceMs: 3_000,
};
