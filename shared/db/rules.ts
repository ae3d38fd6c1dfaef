/** The protocol's times, in milliseconds by the database's clock, and its bounds. */
export type Rules = {
  /** A worker's right to a task, from its last heartbeat. Shorter: sooner elsewhere, more false alarms. */
  readonly leaseMs: number;
  /** Between two heartbeats of a worker: several fit into a lease. */
  readonly heartbeatMs: number;
  /** How long after its lease a canceled attempt is waited for. */
  readonly cancelGraceMs: number;
  /** A silent worker is shown as offline after this. */
  readonly offlineMs: number;
  /** A worker silent for this long has left with its encoders: what was planned for those is planned again. */
  readonly leftMs: number;
  /** A committing task is offered to a settler after this even while its lease is fresh. */
  readonly settleMs: number;
  /** How long the last worker that failed a task is passed over for it. */
  readonly avoidMs: number;
  /** Interruptions after which a task fails. */
  readonly maxInterruptions: number;
  /** Interruptions in a row, on different tasks, after which a worker is quarantined. */
  readonly quarantineAfter: number;
  /** Finished jobs are forgotten after this. */
  readonly retentionMs: number;
  /** A coordinator silent for longer than this was not there to renew leases. */
  readonly coordinatorGapMs: number;
  /** An attempt whose progress stands still for so long under a renewed lease is broken off. */
  readonly stalledMs: number;
  /** Fail tasks for which no known worker has the encoder; a farm waits for one instead. */
  readonly failUnservable: boolean;
};

/** What a farm runs by unless its start says otherwise. */
export const DEFAULT_RULES: Rules = {
  leaseMs: 10_000,
  heartbeatMs: 2_000,
  cancelGraceMs: 5_000,
  offlineMs: 10_000,
  leftMs: 60_000,
  settleMs: 30_000,
  avoidMs: 30_000,
  maxInterruptions: 5,
  quarantineAfter: 3,
  retentionMs: 30 * 24 * 3_600_000,
  coordinatorGapMs: 3_000,
  stalledMs: 3_600_000,
  failUnservable: false,
};
