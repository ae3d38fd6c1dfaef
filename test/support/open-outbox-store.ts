import { openSqlite } from '../../shared/db/open-sqlite.ts';
import type { Store } from '../../shared/db/store.ts';
import type { Clock } from '../../shared/runtime/clock.ts';

/** A store of a farm with a broker: its events wait until that has confirmed them. */
export function openOutboxStore(clock: Clock, file = ':memory:'): Promise<Store> {
  return openSqlite(file, clock, { outbox: true });
}
