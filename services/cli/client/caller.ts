import { AppError } from '../../../shared/errors.ts';
import { backoffMs } from '../../../shared/job/backoff.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import { errorOfAnswer, errorOfLostCall } from './error-of-call.ts';
import type { Farm } from './farm.ts';

type Call = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** For an answer that takes longer than others do. */
  readonly answerMs?: number;
};

export type Caller = {
  /** The answer's JSON; undefined when it has no body. */
  ask<Answer>(call: Call): Promise<Answer>;
  /** The answer as it comes in, until the signal is aborted; the caller reads its body. */
  open(call: Call, signal: AbortSignal): Promise<Response>;
};

/** A virtual address that moves, or a database that elects a new writer, is back within this. */
const PATIENCE_MS = 30_000;
/** Against a machine that took the connection and then froze. */
const ANSWER_MS = 15_000;

/**
 * Makes calls to one farm. Every call can be repeated without harm (a POST carries a key or names a state), so after a
 * lost connection or a 5xx it is made again with a growing pause, for 30 s. A farm where nobody ever answered is
 * reported at once.
 *
 * Both throw AppError with the farm's own code and words, or `unavailable`.
 */
export function createCaller(farm: Farm): Caller {
  let everAnswered = false;

  /** An AppError that is returned is worth another try; one that is thrown is not. */
  async function attempt<Answer>(
    call: Call,
    { read, stop, answerMs }: Way<Answer>,
  ): Promise<{ answer: Answer } | AppError> {
    try {
      const limit = answerMs === null ? stop : AbortSignal.any([stop, AbortSignal.timeout(answerMs)]);
      const response = await send(farm, call, limit);
      everAnswered = true;
      if (response.ok) return { answer: await read(response) };
      const error = await errorOfAnswer(farm, response);
      // 504: the farm has been patient already.
      if (response.status >= 500 && response.status !== 504) return error;
      throw error;
    } catch (error) {
      if (error instanceof AppError || stop.aborted) throw error;
      return errorOfLostCall(farm, error, { everAnswered });
    }
  }

  async function repeat<Answer>(call: Call, way: Way<Answer>): Promise<Answer> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let failures = 1; ; failures += 1) {
      const result = await attempt(call, way);
      if (!(result instanceof AppError)) return result.answer;
      if (performance.now() > deadline) throw result;
      await sleep(backoffMs(failures, { baseMs: 100, capMs: 2000 }), way.stop);
    }
  }

  return {
    ask: <Answer>(call: Call) =>
      repeat<Answer>(call, {
        read: (response) => jsonOf(farm, response),
        stop: farm.signal,
        answerMs: call.answerMs ?? ANSWER_MS,
      }),
    open: (call, signal) =>
      repeat(call, {
        read: async (response) => response,
        stop: AbortSignal.any([farm.signal, signal]),
        answerMs: null,
      }),
  };
}

type Way<Answer> = {
  read(response: Response): Promise<Answer>;
  readonly stop: AbortSignal;
  /** null: the answer may take as long as it takes. */
  readonly answerMs: number | null;
};

function send(farm: Farm, { method, path, body, headers }: Call, signal: AbortSignal): Promise<Response> {
  return fetch(`${farm.url}${path}`, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal,
  });
}

/**
 * The answer as the farm gave it, not narrowed by a schema: a farm newer than this client may say more, and `--json`
 * hands on all of it.
 */
async function jsonOf<Answer>(farm: Farm, response: Response): Promise<Answer> {
  const text = await response.text();
  try {
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  } catch (cause) {
    throw new AppError('unavailable', `${farm.url} does not speak like a farm of ffmill: no JSON came`, { cause });
  }
}
