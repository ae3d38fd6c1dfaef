import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors.ts';

/** Where the rows are. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | {
      readonly kind: 'mariadb';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      /** The PEM text that the server's certificate is verified against; null: the connection is not encrypted. */
      readonly ca: string | null;
    };

const MARIADB_PORT = 3306;

/** A setting that names a file, replaced by what is in the file. */
const fileContent = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    context.addIssue({ code: 'custom', message: `cannot be read: ${error instanceof Error ? error.message : error}` });
    return z.NEVER;
  }
});

const database = z
  .string()
  .default('data/ffmill.sqlite')
  .superRefine((value, context) => {
    const message = problemOf(value);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** The settings that every process with a database has; spread into the schema of its config. */
export const databaseSettings = {
  FFMILL_DATABASE: database,
  FFMILL_DATABASE_PASSWORD_FILE: fileContent.optional(),
  FFMILL_DATABASE_CA: fileContent.optional(),
};

type DatabaseSettings = {
  readonly FFMILL_DATABASE: string;
  readonly FFMILL_DATABASE_PASSWORD_FILE?: string | undefined;
  readonly FFMILL_DATABASE_CA?: string | undefined;
};

/** What the parsed settings mean. */
export function readDatabaseConfig(settings: DatabaseSettings): DatabaseConfig {
  const { FFMILL_DATABASE: database, FFMILL_DATABASE_PASSWORD_FILE: password, FFMILL_DATABASE_CA: ca } = settings;
  const url = urlOf(database);
  if (url === null) return { kind: 'sqlite', file: database };
  return {
    kind: 'mariadb',
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || MARIADB_PORT),
    user: decodeURIComponent(url.username),
    // An editor ends the file with a line break that is no part of the password.
    password: password?.replace(/\r?\n$/, '') ?? decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)),
    ca: ca ?? null,
  };
}

/** The database as it may be shown in logs and messages: without its password. */
export function nameOfDatabase(config: DatabaseConfig): string {
  return config.kind === 'sqlite' ? config.file : `${config.user}@${config.host}:${config.port}/${config.database}`;
}

function urlOf(database: string): URL | null {
  if (!database.includes('://')) return null;
  if (!URL.canParse(database)) throw new AppError('invalid_request', 'the address of the database is not a URL');
  return new URL(database);
}

function problemOf(database: string): string | null {
  const shape = 'must be a file, or mariadb://USER@HOST:PORT/DATABASE';
  if (!database.includes('://')) return null;
  if (!URL.canParse(database)) return shape;
  const { protocol, hostname, username, pathname } = new URL(database);
  const complete = hostname !== '' && username !== '' && /^\/[^/]+$/.test(pathname);
  return protocol === 'mariadb:' && complete ? null : shape;
}
