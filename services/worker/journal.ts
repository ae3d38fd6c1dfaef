import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { AttemptId, InstanceId } from '../../shared/job/ids.ts';
import type { PathName } from '../../shared/job/job.ts';
import type { Target, TaskKind } from '../../shared/job/task.ts';
import type { CommitBody, ReportBody } from '../../shared/wire/workers.ts';

/** What it takes to publish a file without its task at hand. */
export type PublishOrder = {
  readonly kind: TaskKind;
  readonly winner: AttemptId;
  readonly target: Target;
  readonly source: PathName;
  readonly file: CommitBody['file'];
};

/** What an attempt still has to say. There is one entry per attempt; its commit is replaced by its report. */
export type JournalEntry =
  | { readonly type: 'commit'; readonly attempt: AttemptId; readonly order: PublishOrder; readonly body: CommitBody }
  | { readonly type: 'report'; readonly attempt: AttemptId; readonly body: ReportBody };

/**
 * The worker's memory on its own disk: what it is about to tell the coordinators, written before it is sent and removed
 * on a definite answer, so that neither an outage nor `kill -9` loses a finished encode. Also the folders beside outputs
 * in which it may have left something, and the last registered life of this worker.
 */
export type Journal = {
  put(entry: JournalEntry): void;
  remove(attempt: AttemptId): void;
  /** In the order in which they were first written. */
  entries(): JournalEntry[];
  rememberFolder(path: string): void;
  forgetFolder(path: string): void;
  folders(): string[];
  formerInstance(): InstanceId | null;
  setInstance(instance: InstanceId): void;
  close(): void;
};

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  CREATE TABLE IF NOT EXISTS entries (
    position INTEGER PRIMARY KEY AUTOINCREMENT, attempt TEXT NOT NULL UNIQUE, entry TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS folders (path TEXT PRIMARY KEY);
  CREATE TABLE IF NOT EXISTS instance (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL);`;

/** Opens the journal of a folder that the caller has locked. */
export function openJournal(directory: string): Journal {
  mkdirSync(directory, { recursive: true });
  const db = new DatabaseSync(join(directory, 'journal.sqlite'));
  db.exec(SCHEMA);
  const put = db.prepare(
    'INSERT INTO entries (attempt, entry) VALUES (?, ?) ON CONFLICT (attempt) DO UPDATE SET entry = excluded.entry',
  );
  const remove = db.prepare('DELETE FROM entries WHERE attempt = ?');
  const list = db.prepare('SELECT entry FROM entries ORDER BY position');
  const remember = db.prepare('INSERT INTO folders (path) VALUES (?) ON CONFLICT (path) DO NOTHING');
  const forget = db.prepare('DELETE FROM folders WHERE path = ?');
  const folders = db.prepare('SELECT path FROM folders ORDER BY path');
  const instance = db.prepare('SELECT id FROM instance');
  const setInstance = db.prepare(
    'INSERT INTO instance (only, id) VALUES (1, ?) ON CONFLICT (only) DO UPDATE SET id = excluded.id',
  );
  return {
    put: (entry) => void put.run(entry.attempt, JSON.stringify(entry)),
    remove: (attempt) => void remove.run(attempt),
    entries: () => list.all().map((row) => JSON.parse(String(row.entry)) as JournalEntry),
    rememberFolder: (path) => void remember.run(path),
    forgetFolder: (path) => void forget.run(path),
    folders: () => folders.all().map((row) => String(row.path)),
    formerInstance: () => (instance.get()?.id as InstanceId | undefined) ?? null,
    setInstance: (id) => void setInstance.run(id),
    close: () => db.close(),
  };
}
