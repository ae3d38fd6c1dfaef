import type { Logger } from './logger.ts';

/** Something that this process needs, and that may be away: says so once when it goes and once when it is back. */
export type Outage = {
  /** It does not work now. */
  begun(error: unknown): void;
  /** It works. */
  over(): void;
};

/** `what` it is, e.g. `database`; the first failure is logged with its error, the same again is not. */
export function createOutage(log: Logger, what: string): Outage {
  let away = false;
  return {
    begun(error) {
      if (!away) log.error({ err: error, what }, 'cannot be worked with');
      away = true;
    },
    over() {
      if (away) log.info({ what }, 'can be worked with again');
      away = false;
    },
  };
}
