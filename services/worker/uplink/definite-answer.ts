import type { z } from 'zod';
import { AppError } from '../../../shared/errors.ts';
import { problemBody } from '../../../shared/wire/problems.ts';
import type { HttpAnswer } from './post-channel.ts';

/** No more than is used here, so that coordinators of another age are understood. */
const whatMatters = problemBody.pick({ code: true, detail: true, errors: true });

/**
 * The body of a success. Everything else is thrown: a refusal that a coordinator wrote (4xx as a problem with a code)
 * under that code; what says nothing about the request (5xx, or an error page of something in between) as
 * `unavailable`, which means: ask again.
 */
export function definiteAnswer({ status, body }: HttpAnswer): unknown {
  if (status >= 200 && status < 300) return body;
  const problem = whatMatters.safeParse(body);
  if (status >= 400 && status < 500 && problem.success)
    throw new AppError(problem.data.code, problem.data.detail, { problems: problem.data.errors ?? [] });
  throw new AppError('unavailable', `the answer was ${status}${problem.success ? `: ${problem.data.detail}` : ''}`);
}

/** A success in the form that was agreed on; any other did not come from a coordinator, or not from one of our age. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const answer = schema.safeParse(body);
  if (answer.success) return answer.data;
  throw new AppError('unavailable', 'the answer was not understood', { cause: answer.error });
}
