import type { Kysely, Transaction } from 'kysely';
import type { EventBody } from '../wire/events.ts';
import type { CommittedEvents } from './committed-events.ts';
import type { Schema } from './schema.ts';

/** Any place a query can run: the database or a transaction on it. */
export type Db = Kysely<Schema>;

/** One transaction: its moment by the database's clock, and the events to announce once it is committed. */
export type Tx = {
  readonly db: Transaction<Schema>;
  /** Milliseconds since the epoch, read when the transaction began. */
  readonly now: number;
  readonly events: EventBody[];
};

/** The database of one weight. Everything that differs between SQLite and MariaDB is behind these five members. */
export type Store = {
  readonly db: Db;
  readonly events: CommittedEvents;
  /** Milliseconds since the epoch by the database's clock. */
  now(): Promise<number>;
  /** Runs `work` whole or not at all; where the database asks for it, again from the start. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
};
