import { Counter, type Registry } from 'prom-client';
import type { Store } from '../../../../shared/db/store.ts';

/** How often this coordinator had to run a transaction again: the store counts, the page reads. */
export function addTransactionCounter(store: Pick<Store, 'repetitions'>, registers: Registry[]): void {
  new Counter({
    name: 'ffmill_db_transactions_repeated_total',
    help: 'Transactions that were run again, by what the database asked it for',
    labelNames: ['trouble'],
    registers,
    collect() {
      this.reset();
      for (const [trouble, count] of Object.entries(store.repetitions)) this.inc({ trouble }, count);
    },
  });
}
