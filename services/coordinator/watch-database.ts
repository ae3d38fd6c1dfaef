import type { Store } from '../../shared/db/store.ts';
import { AppError } from '../../shared/errors.ts';
import { atMost } from '../../shared/runtime/at-most.ts';
import { every, type Stoppable } from '../../shared/runtime/every.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import { createOutage } from '../../shared/runtime/outage.ts';

export type DatabaseWatch = Stoppable & {
  /** Resolves after the first look, whatever that found, and after 2 s at the latest. @throws AppError `schema_newer`. */
  readonly begun: Promise<void>;
  /**
   * Looks now, for at most 2 s.
   *
   * @throws AppError `unavailable` that says what is wrong.
   */
  check(): Promise<void>;
  /** Before the schema was seen to be right, nothing may be asked of it. @throws AppError `unavailable`. */
  requireVerified(): void;
};

type Dependencies = {
  readonly store: Store;
  readonly log: Logger;
  /** Writes that this coordinator is there: leases expire only while one does (PROTOCOL A3). */
  touch(): Promise<void>;
  /** Called when this code can never work with the database: another version has migrated it. */
  onFatal(error: unknown): void;
};

const LOOK_MS = 1000;
/** A balancer asks every second and must hear an answer before it takes silence for one. */
const PATIENCE_MS = 2000;

/**
 * Sees every second whether the database can be written, from the first look on at the schema. A database that is away
 * ends nothing: whoever asks is told, and it is seen within a second when it is back.
 */
export function watchDatabase({ store, log, touch, onFatal }: Dependencies): DatabaseWatch {
  const outage = createOutage(log, 'database');
  let verified = false;
  let problem = 'the database was not asked yet';
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      if (!verified) await store.check();
      verified = true;
      await touch();
      outage.over();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problem = verified ? `the database cannot be written: ${reason}` : reason;
      outage.begun(error);
      throw error;
    }
  }

  /** One look at a time, however many ask: while the database is away each takes many seconds. */
  function lookOnce(): Promise<void> {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  }

  const isFatal = (error: unknown) => error instanceof AppError && error.code === 'schema_newer';
  const begun = atMost(lookOnce(), PATIENCE_MS);
  const watching = every(LOOK_MS, lookOnce, (error) => {
    if (isFatal(error)) onFatal(error);
  });

  return {
    begun: begun.catch((error: unknown) => {
      if (isFatal(error)) throw error;
    }),
    async check() {
      let answered = false;
      const looked = lookOnce().then(() => {
        answered = true;
      });
      await atMost(looked, PATIENCE_MS).catch((cause: unknown) => {
        throw new AppError('unavailable', problem, { cause });
      });
      if (!answered) throw new AppError('unavailable', 'the database does not answer');
    },
    requireVerified() {
      if (!verified) throw new AppError('unavailable', problem);
    },
    stop: () => watching.stop(),
  };
}
