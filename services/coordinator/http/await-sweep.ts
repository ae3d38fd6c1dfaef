import { findSweepRequest } from '../../../shared/db/queries/find-sweep-request.ts';
import type { Db } from '../../../shared/db/store.ts';
import { AppError } from '../../../shared/errors.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import { type SweepAnswer, sweepAnswer } from '../../../shared/wire/sweeps.ts';

type Awaited = { readonly id: string; readonly patienceMs: number; readonly signal: AbortSignal };

const LOOK_MS = 100;

/**
 * What came of a request for sweeps. The janitor is another process, and a broker need not be there: the row is looked
 * at until it is done.
 *
 * @throws AppError `sweep_timed_out`; `unavailable` when the service is ending.
 */
export async function awaitSweep(db: Db, { id, patienceMs, signal }: Awaited): Promise<SweepAnswer> {
  const until = performance.now() + patienceMs;
  while (!signal.aborted) {
    const result = (await findSweepRequest(db, id))?.result ?? null;
    if (result !== null) return sweepAnswer.parse(JSON.parse(result));
    if (performance.now() > until)
      throw new AppError('sweep_timed_out', `no janitor has answered within ${patienceMs / 1000} s: does one run?`);
    await sleep(LOOK_MS, signal);
  }
  throw new AppError('unavailable', 'the service is ending');
}
