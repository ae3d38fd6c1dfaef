import { AppError } from '../../../shared/errors.ts';

/**
 * Asks until a coordinator gives a definite answer, however long that takes: whatever a lost answer was, the repetition
 * gets it too. `onUnanswered` says when to ask again. Ends early only with the signal, whose reason it throws.
 */
export async function untilAnswered<Answer>(
  ask: () => Promise<Answer>,
  { signal, onUnanswered }: { signal: AbortSignal; onUnanswered(failures: number, error: AppError): Promise<void> },
): Promise<Answer> {
  for (let failures = 1; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'unavailable')) throw error;
      await onUnanswered(failures, error);
    }
  }
}
