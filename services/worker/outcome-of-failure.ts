import { type Failure, failureOf } from '../../shared/errors.ts';

/** An error's text may quote FFmpeg at length; the wire takes so much. */
const LONGEST_MESSAGE = 10_000;

/**
 * What a failed run means for its task. Nothing is gained by trying again what the input or the request is to blame for;
 * everything else may be the machine's, and another try, perhaps elsewhere, may do.
 */
export function outcomeOfFailure(error: unknown): { outcome: 'retry' | 'reject'; error: Failure } {
  const { code, fault, message } = failureOf(error);
  const blame = fault === 'input' || fault === 'request';
  return { outcome: blame ? 'reject' : 'retry', error: { code, fault, message: message.slice(0, LONGEST_MESSAGE) } };
}
