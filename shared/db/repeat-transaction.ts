import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.ts';
import type { Logger } from '../runtime/logger.ts';
import { type DatabaseTrouble, troubleOf } from './mariadb/database-trouble.ts';

/** How long a request waits for the database to come back or to get less busy: longer than a change of the writer. */
const GIVE_UP_MS = 15_000;
/** The winner of a duplicate is found by the first repetition; what is still a duplicate then is an error of ours. */
const DUPLICATES = 5;

/** The longest pause before the first repetition and before any, in milliseconds; half of it is chance. */
const PAUSES: Readonly<Record<DatabaseTrouble, { readonly first: number; readonly longest: number }>> = {
  conflict: { first: 4, longest: 200 },
  duplicate: { first: 2, longest: 20 },
  connection: { first: 50, longest: 1_000 },
};

/**
 * Runs a whole transaction, and again from the start while the database asks for it (`troubleOf`). A connection that
 * was lost in COMMIT is no exception: every transaction of ours finds its own result and says the same again.
 *
 * @throws AppError `unavailable` when that does not help within `GIVE_UP_MS`; else what the transaction throws.
 */
export async function repeatTransaction<Result>(
  run: () => Promise<Result>,
  { log, onRepeat }: { readonly log: Logger; onRepeat?(trouble: DatabaseTrouble): void },
): Promise<Result> {
  const until = performance.now() + GIVE_UP_MS;
  for (let repetitions = 0; ; repetitions += 1) {
    try {
      return await run();
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble === null || (trouble === 'duplicate' && repetitions >= DUPLICATES)) throw error;
      const pauseMs = pauseAfter(trouble, repetitions);
      if (performance.now() + pauseMs > until)
        throw new AppError('unavailable', `the database did not take the change: ${(error as Error).message}`, {
          cause: error,
        });
      log.debug({ err: error, trouble, repetitions }, 'transaction repeated');
      onRepeat?.(trouble);
      await wait(pauseMs);
    }
  }
}

/** Doubles with each repetition. The jitter keeps those that met each other from meeting again. */
function pauseAfter(trouble: DatabaseTrouble, repetitions: number): number {
  const { first, longest } = PAUSES[trouble];
  return Math.min(first * 2 ** Math.min(repetitions, 20), longest) * (0.5 + Math.random() / 2);
}
