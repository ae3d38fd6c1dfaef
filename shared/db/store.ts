import type { Compilable, Expression, Kysely, Transaction } from 'kysely';
import type { JobId, TaskId, WorkerId } from '../job/ids.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { EventName } from '../wire/events.ts';
import type { CommittedEvents } from './committed-events.ts';
import type { DatabaseTrouble } from './mariadb/database-trouble.ts';
import type { Schema } from './schema.ts';

/** Any place a query can run: the database or a transaction on it. */
export type Db = Kysely<Schema>;

/** An event that a transaction is going to write. `jobId` null: it belongs to no job. */
export type RecordedEvent = {
  readonly jobId: JobId | null;
  readonly event: EventName;
  readonly taskId?: TaskId;
  readonly workerId?: WorkerId;
  readonly attempt?: number;
  readonly data?: Record<string, unknown>;
};

/** What each of these statements finds. */
export type RowsOf<Queries extends Statements> = {
  [Index in keyof Queries]: Queries[Index] extends Compilable<infer Row> ? Row[] : never;
};

/** What looks have found, and when by the database's clock. */
export type Found<Looks extends Statements> = { readonly now: number; readonly rows: RowsOf<Looks> };

/** Statements that are sent together. */
export type Statements = readonly Compilable<unknown>[];

/** One transaction: its moment by the database's clock, and the events it writes at its end. */
export type Tx = {
  readonly db: Transaction<Schema>;
  /** Milliseconds since the epoch, read when the transaction began. */
  readonly now: number;
  /** Whether events wait for a broker's confirmation: they are written as unpublished. */
  readonly outbox: boolean;
  readonly recorded: RecordedEvent[];
  /** Writes that are sent at the end, together with the events: nothing in this transaction looks at what they write. */
  readonly atEnd: Compilable[];
  /** Classes that are in `task_classes` for certain: rows of it never go. */
  readonly knownClasses: Set<string>;
  /** Runs statements in their order, in one round trip where the database can. The rows of each; of a write none. */
  run<const Queries extends Statements>(statements: Queries): Promise<RowsOf<Queries>>;
  /**
   * The newest event's number of jobs whose rows this transaction holds. `counted`: the row's counter already includes
   * the events recorded here, as it does for a job that is made here.
   */
  readonly newestSeq: Map<JobId, { readonly seq: number; readonly counted: boolean }>;
};

/** The database of one weight. Everything that differs between SQLite and MariaDB is behind these members. */
export type Store = {
  readonly db: Db;
  readonly events: CommittedEvents;
  /** Whether a broker is told of events; see `Tx`. */
  readonly outbox: boolean;
  /** Whether `events.position` rises in commit order. Where not, somebody may still write below what was read. */
  readonly positionsAreOrdered: boolean;
  /** How often a transaction was run again since the store was opened, by what asked for it; empty where nothing does. */
  readonly repetitions: Readonly<Partial<Record<DatabaseTrouble, number>>>;
  /** Milliseconds since the epoch by the database's clock. */
  now(): Promise<number>;
  /** The same moment as a part of a statement, for looks that depend on it. */
  clock(): Expression<number>;
  /** The rows that each of these finds, and the moment, outside of any transaction; in one round trip where the database can. */
  look<const Looks extends Statements>(looks: Looks): Promise<Found<Looks>>;
  /**
   * Runs `work` whole or not at all; where the database asks for it, again from the start, even after a commit of which
   * the answer was lost. `first` are its first statements: they cost no round trip of their own.
   *
   * @throws AppError `unavailable` when the database does not take it for many seconds.
   */
  transaction<Result, const First extends Statements = readonly []>(
    work: (tx: Tx, found: RowsOf<First>) => Promise<Result>,
    first?: First,
  ): Promise<Result>;
  /**
   * Whether the database can be worked with now: reached, written, kept as safely as promised, of this version.
   *
   * @throws AppError `unavailable` that says what is wrong; `schema_newer` when a newer ffmill has migrated it.
   */
  check(): Promise<void>;
  close(): Promise<void>;
};

/** How a store is opened. */
export type StoreOptions = {
  readonly log: Logger;
  /** Whether a broker is told of events: they are kept as unpublished until it has confirmed them. */
  readonly outbox: boolean;
  /** Stands for the database's clock; tests let time pass by it. */
  readonly clock?: Clock;
};
