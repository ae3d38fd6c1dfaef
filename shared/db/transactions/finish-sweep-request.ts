import type { SweepAnswer } from '../../wire/sweeps.ts';
import type { Store } from '../store.ts';

/** Writes what came of a request for sweeps, unless another janitor was faster. */
export async function finishSweepRequest(store: Store, id: string, result: SweepAnswer): Promise<void> {
  await store.transaction((tx) =>
    tx.db
      .updateTable('sweep_requests')
      .set({ done_at: tx.now, result: JSON.stringify(result) })
      .where('id', '=', id)
      .where('done_at', 'is', null)
      .execute(),
  );
}
