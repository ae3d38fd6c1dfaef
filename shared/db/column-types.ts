import { type RawBuilder, sql } from 'kysely';

/** What the databases call the types of our columns. */
export type ColumnTypes = {
  readonly id: RawBuilder<unknown>;
  /** A key that counts by itself. */
  readonly counter: RawBuilder<unknown>;
  readonly integer: RawBuilder<unknown>;
  readonly real: RawBuilder<unknown>;
  /** Short, and part of an index. */
  readonly name: RawBuilder<unknown>;
  /** A path, or anything long that is compared as a whole. */
  readonly path: RawBuilder<unknown>;
  readonly json: RawBuilder<unknown>;
  /** Anything long that is only read back: a command line, a line of a log. */
  readonly text: RawBuilder<unknown>;
};

/** By database. */
export const COLUMN_TYPES = {
  sqlite: {
    id: sql`text`,
    counter: sql`integer`,
    integer: sql`integer`,
    real: sql`real`,
    name: sql`text`,
    path: sql`text`,
    json: sql`text`,
    text: sql`text`,
  },
  /**
   * Compared byte by byte, trailing blanks included, as SQLite does. A name has room for an Idempotency-Key of 255
   * characters; an index entry of two names and some numbers stays under InnoDB's 3,072 bytes.
   */
  mariadb: {
    id: sql`char(36) character set ascii collate ascii_bin`,
    counter: sql`bigint`,
    integer: sql`bigint`,
    real: sql`double`,
    name: sql`varchar(255) character set utf8mb4 collate utf8mb4_nopad_bin`,
    path: sql`text character set utf8mb4 collate utf8mb4_nopad_bin`,
    json: sql`longtext character set utf8mb4 collate utf8mb4_nopad_bin`,
    text: sql`longtext character set utf8mb4 collate utf8mb4_nopad_bin`,
  },
} as const satisfies Record<string, ColumnTypes>;
