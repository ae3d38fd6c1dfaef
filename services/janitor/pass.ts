import type { Broker } from '../../shared/broker/broker.ts';
import { isDatabaseAway } from '../../shared/db/is-database-away.ts';
import { listOpenSweepRequests } from '../../shared/db/queries/list-open-sweep-requests.ts';
import { finishSweepRequest } from '../../shared/db/transactions/finish-sweep-request.ts';
import { AppError } from '../../shared/errors.ts';
import { SWEEP_NAMES, type SweepAnswer, type SweepName, type SweepOutcome } from '../../shared/wire/sweeps.ts';
import type { SweepContext } from './sweep.ts';
import { createSweeps } from './sweeps.ts';

/** Nobody waits for an answer any longer. */
const ASKED_MS = 60_000;

/**
 * Makes the function that goes over all chores once, then runs what people asked for. A chore that fails is logged when
 * it begins to and does not keep the others from running; with the database away all of them would.
 */
export function createPass({ broker, ...context }: SweepContext & { readonly broker: Broker | undefined }) {
  const { store, log } = context;
  const sweeps = createSweeps(context, broker);
  const failing = new Map<SweepName, string>();

  async function run(sweep: SweepName): Promise<SweepOutcome> {
    const chore = sweeps[sweep];
    if (chore === undefined) return { left_out: 'there is no broker' };
    try {
      const repaired = await chore();
      if (failing.delete(sweep)) log.info({ sweep }, 'a sweep works again');
      if (repaired > 0) log.info({ sweep, repaired }, 'repaired');
      return { repaired };
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const failed = error instanceof Error ? error.message : String(error);
      if (!failing.has(sweep)) log[isBrokerAway(error) ? 'warn' : 'error']({ sweep, err: error }, 'a sweep failed');
      failing.set(sweep, failed);
      return { failed };
    }
  }

  async function answer(): Promise<void> {
    for (const { id, sweep } of await listOpenSweepRequests(store.db, (await store.now()) - ASKED_MS)) {
      const sweeps: SweepAnswer['sweeps'] = {};
      for (const name of SWEEP_NAMES) if (sweep === null || sweep === name) sweeps[name] = await run(name);
      await finishSweepRequest(store, id, { sweeps });
    }
  }

  return async (signal: AbortSignal): Promise<void> => {
    for (const sweep of SWEEP_NAMES) {
      if (signal.aborted) return;
      await run(sweep);
    }
    await answer();
  };
}

function isBrokerAway(error: unknown): boolean {
  return error instanceof AppError && error.code === 'broker_unavailable';
}
