import { AppError, ERRORS } from '../../shared/errors.ts';
import { backoffMs } from '../../shared/job/backoff.ts';
import { sleep } from '../../shared/runtime/sleep.ts';
import { type Publication, publishPart } from '../../shared/storage/publish-part.ts';
import type { Timing } from './timing.ts';

type Patience = {
  /** When to stop: somebody else was given the task, or the worker stops. One try is made in any case. */
  readonly signal: AbortSignal;
  /** A file that is gone is waited for until then (`performance.now()`), and looked for twice at the least. */
  readonly missUntil: number;
  readonly timing: Pick<Timing, 'lookAgainMs' | 'publishAgainMs'>;
  /** The storage refused; it is tried again. */
  onTrouble(error: unknown): void;
};

/**
 * Carries out a recorded decision to publish. Its paths are looked up anew for each try, so that no link that was put
 * there meanwhile leads the file out of its storage. The decision stands, so the storage's errors are waited out: a full disk
 * or a mount that is gone may come back, and giving up would throw a finished encode away.
 *
 * @throws AppError when it can never be published (`publishPart`, `invalid_path`).
 */
export async function publishPatiently(
  locate: () => Promise<Publication>,
  { signal, missUntil, timing, onTrouble }: Patience,
): Promise<'published' | 'vanished' | 'given_up'> {
  let looks = 0;
  let failures = 0;
  let tries = 0;
  do {
    try {
      const publication = await locate();
      tries += 1;
      if ((await publishPart({ ...publication, begun: publication.begun || tries > 1 })) === 'published')
        return 'published';
      looks += 1;
      if (looks >= 2 && performance.now() >= missUntil) return 'vanished';
      await sleep(timing.lookAgainMs, signal);
    } catch (error) {
      if (error instanceof AppError && ERRORS[error.code].fault !== 'storage') throw error;
      looks = 0;
      failures += 1;
      onTrouble(error);
      await sleep(backoffMs(failures, timing.publishAgainMs), signal);
    }
  } while (!signal.aborted);
  return 'given_up';
}
