import type { ColumnType, Generated } from 'kysely';
import type { AttemptId, InstanceId, JobId, TaskId, WorkerId } from '../job/ids.ts';
import type { JobStage } from '../job/job.ts';
import type { TaskKind } from '../job/task.ts';
import type { JobState, TaskState } from '../job/transitions.ts';
import type { EventName } from '../wire/events.ts';

/**
 * The tables as Kysely sees them. Times are milliseconds since the epoch by the database's clock; JSON is text, parsed
 * where a row becomes a value; flags are 0 or 1. The same columns on SQLite and MariaDB.
 */
type Json = string;
type Flag = ColumnType<number, number, number>;

export type JobsTable = {
  id: JobId;
  /** For people; rises with every job. */
  number: Generated<number>;
  state: JobState;
  stage: JobStage;
  priority: number;
  request: Json;
  labels: Json;
  input: string;
  output: string;
  /** The output's canonical name while the job is not final, NULL afterwards; UNIQUE. */
  output_reservation: string | null;
  idempotency_key: string | null;
  /** SHA-256 of the canonical request, to tell a repetition from another request under the same key. */
  request_hash: string;
  /** Tasks of the present stage that are not final. Who brings it to 0 makes the next stage. */
  open_tasks: number;
  total_tasks: number;
  completed_tasks: number;
  /** Sequence number of the job's newest event. */
  event_seq: number;
  /** Rises with every transaction that creates, ends or cancels tasks: raising it first locks the row. */
  version: number;
  /** The attempt whose file is published or being published. */
  winner: AttemptId | null;
  /** ProbeResult, once known. */
  probe: Json | null;
  /** Why the file is not split; NULL when it is. */
  unsplit_reason: string | null;
  /** `1` once splitting was given up after a mismatch at the join. */
  whole: Flag;
  /** `PlannedAgain`: why the newest plan is not the first; NULL while it is. */
  planned_again: Json | null;
  error: Json | null;
  /** PublishedFile of the winner. */
  result: Json | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  canceled_at: number | null;
};

export type TasksTable = {
  id: TaskId;
  job_id: JobId;
  kind: TaskKind;
  /** Counts within the kind; below 0: of a plan that was given up. */
  ordinal: number;
  state: TaskState;
  class: string;
  /** Copied from the job, so that one index serves a claim. */
  priority: number;
  job_number: number;
  /** Longest first: the seconds of media that the task works on. */
  weight: number;
  spec: Json;
  /** The attempt that holds the task, or held it last: the guard of every write. */
  token: AttemptId | null;
  worker_id: WorkerId | null;
  /** Number of the newest attempt. */
  attempt: number;
  lease_until: number | null;
  not_before: number | null;
  /** When the present attempt was claimed, and when it may run at the longest. */
  claimed_at: number | null;
  deadline_at: number | null;
  timeout_ms: number;
  failures: number;
  interruptions: number;
  /** Whom to avoid until `avoid_until`. */
  avoid_worker: WorkerId | null;
  avoid_until: number | null;
  /** Affinity: only this worker while it is online. */
  wanted_worker: WorkerId | null;
  progress: number;
  /** When `progress` last changed: a stall is seen by it. */
  progress_at: number | null;
  fps: number | null;
  speed: number | null;
  /** The winner, its file and when it was committed; set only in `committing` and after. */
  winner: AttemptId | null;
  published: Json | null;
  committed_at: number | null;
  /** `1`: a committing task whose holder is gone, to be settled by whoever claims it. */
  offered: Flag;
  result: Json | null;
  error: Json | null;
  pending_at: number | null;
  finished_at: number | null;
};

export type AttemptsTable = {
  id: AttemptId;
  task_id: TaskId;
  job_id: JobId;
  number: number;
  worker_id: WorkerId;
  instance_id: InstanceId;
  /** For a settler: the winner whose publication it finishes. */
  settles: AttemptId | null;
  started_at: number;
  ended_at: number | null;
  outcome: 'done' | 'retry' | 'reject' | 'interrupted' | 'canceled' | null;
  error: Json | null;
  command: string | null;
  metrics: Json | null;
};

export type WorkersTable = {
  id: WorkerId;
  name: string;
  instance_id: InstanceId;
  status: 'online' | 'draining' | 'error' | 'quarantined' | 'offline';
  /** The operator's wish: finish what runs, take no more. */
  drain: Flag;
  registration: Json;
  load: number;
  last_heartbeat_at: number;
  /** Incidents in a row, each on a different task, since the worker last finished one. */
  interruptions: number;
  last_interrupted_task: TaskId | null;
  /** One crash breaks off many tasks: what follows within two leases is the same incident. */
  last_interrupted_at: number | null;
  registered_at: number;
};

/** The classes that tasks ever had: what workers may be subscribed to. */
export type TaskClassesTable = {
  name: string;
  /** `Needs` of the class: a long name is a hash that says nothing. NULL in rows from before there were path variables. */
  needs: Json | null;
};

/** Who leads at something, until when: an economy, never a guard. The row `quarantine` is a lock: see `lockQuarantines`. */
export type LeaderLeasesTable = { name: string; holder: string; until_at: number };

/** Sweeps that somebody asked for; the janitor that leads runs them and writes what came of it. */
export type SweepRequestsTable = {
  id: string;
  /** NULL: all of them. */
  sweep: string | null;
  requested_at: number;
  done_at: number | null;
  /** What each sweep repaired, or why it failed. */
  result: Json | null;
};

/** A row each coordinator touches every second: leases expire only while somebody could renew them. */
export type CoordinatorsTable = {
  id: string;
  /** Since when it has been touched without a gap over `coordinatorGapMs`. */
  since_at: number;
  seen_at: number;
};

export type EventsTable = {
  /**
   * Drawn when the row is written, so it rises in commit order only where transactions run one after the other (SQLite).
   * Within a job `seq` is exact.
   */
  position: Generated<number>;
  id: string;
  job_id: JobId | null;
  seq: number;
  event: EventName;
  task_id: TaskId | null;
  worker_id: WorkerId | null;
  attempt: number | null;
  at: number;
  data: Json;
  /** `0` until the broker has confirmed it (PROTOCOL A18); `1` at once where there is no broker. */
  published: ColumnType<number, number | undefined, number>;
};

export type LogLinesTable = {
  /** Drawn when the row is written, as `events.position`: it rises in commit order only where transactions take turns. */
  seq: Generated<number>;
  job_id: JobId;
  task_id: TaskId;
  attempt_id: AttemptId;
  /** The attempt's count of its lines, so that a repeated upload doubles none. NULL in rows from before it was counted. */
  line: number | null;
  stream: string;
  text: string;
  /** When the worker heard it, by the worker's clock. */
  at: number;
  /** When it was written, by the database's. NULL in rows from before that was noted. */
  kept_at: number | null;
};

export type Schema = {
  jobs: JobsTable;
  tasks: TasksTable;
  attempts: AttemptsTable;
  workers: WorkersTable;
  coordinators: CoordinatorsTable;
  task_classes: TaskClassesTable;
  events: EventsTable;
  log_lines: LogLinesTable;
  leader_leases: LeaderLeasesTable;
  sweep_requests: SweepRequestsTable;
};
