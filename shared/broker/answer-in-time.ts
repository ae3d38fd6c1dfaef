import { brokerUnavailable } from './broker-unavailable.ts';

/** A quorum queue that lost its leader has another one after about 2 s; who waits longer has a broker in trouble. */
const TIMEOUT_MS = 5_000;

/**
 * The broker's answer to what it was asked.
 *
 * @throws AppError `broker_unavailable`: none came in time, or a refusal, whose reply code is in the cause.
 */
export async function answerInTime<Answer>(what: string, answer: Promise<Answer>): Promise<Answer> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)), TIMEOUT_MS);
  try {
    return await Promise.race([answer, late]);
  } catch (cause) {
    throw brokerUnavailable(what, cause);
  } finally {
    clearTimeout(timer);
  }
}
