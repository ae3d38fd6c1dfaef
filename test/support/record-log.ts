import { pino } from 'pino';
import type { Logger } from '../../shared/runtime/logger.ts';

export type LogEntry = { readonly level: number; readonly msg: string } & Readonly<Record<string, unknown>>;

/** A logger whose lines a test can read. */
export function recordLog(): { readonly log: Logger; readonly entries: LogEntry[] } {
  const entries: LogEntry[] = [];
  const log = pino({ level: 'debug' }, { write: (line) => void entries.push(JSON.parse(line) as LogEntry) });
  return { log, entries };
}
