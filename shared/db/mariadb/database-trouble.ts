/**
 * What an error of MariaDB, Galera or the way to it asks for. `conflict`: the transaction lost against another, its
 * connection is fine. `duplicate`: another transaction wrote the row first, and the repetition finds it. `connection`:
 * this node or the way to it is gone, is read-only or has left the cluster: the repetition takes a new connection,
 * which the proxy leads to another node. After a `connection` trouble in COMMIT nobody knows whether it worked.
 */
export type DatabaseTrouble = 'conflict' | 'duplicate' | 'connection';

const BY_NUMBER: Readonly<Record<number, DatabaseTrouble>> = {
  1020: 'conflict', // the row has changed since it was read (innodb_snapshot_isolation)
  1205: 'conflict', // lock wait timeout; also a causal read that waited too long
  1213: 'conflict', // deadlock, or a certification that failed
  1062: 'duplicate',
  1040: 'connection', // too many connections
  1047: 'connection', // the node is not (any more) part of a cluster that may write
  1053: 'connection', // the server is shutting down
  1180: 'connection', // COMMIT failed in the cluster
  1290: 'connection', // the server runs with an option that forbids the statement: read_only
  1317: 'connection', // interrupted, by a server that ends or leaves the cluster
  1792: 'connection', // read-only transaction
  1836: 'connection', // read-only mode
  1927: 'connection', // connection was killed
  1969: 'connection', // the statement took too long for the session
  2006: 'connection',
  2013: 'connection',
};

const BY_CODE: Readonly<Record<string, DatabaseTrouble>> = {
  EAI_AGAIN: 'connection',
  ECONNREFUSED: 'connection',
  ECONNRESET: 'connection',
  EHOSTUNREACH: 'connection',
  ENETUNREACH: 'connection',
  ENOTFOUND: 'connection',
  EPIPE: 'connection',
  ETIMEDOUT: 'connection',
  PROTOCOL_CONNECTION_LOST: 'connection',
  PROTOCOL_ENQUEUE_AFTER_FATAL_ERROR: 'connection',
  PROTOCOL_SEQUENCE_TIMEOUT: 'connection',
};

/** Null: an error that a repetition would meet again. */
export function troubleOf(error: unknown): DatabaseTrouble | null {
  if (!(error instanceof Error)) return null;
  const { errno, code, message } = error as { errno?: unknown; code?: unknown; message: string };
  if (typeof errno === 'number' && BY_NUMBER[errno]) return BY_NUMBER[errno];
  if (typeof code === 'string' && BY_CODE[code]) return BY_CODE[code];
  // mysql2 has no code for a connection that was closed while a command waited for its turn.
  return /closed state|Connection lost/.test(message) ? 'connection' : null;
}
