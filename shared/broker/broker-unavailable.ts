import { AppError } from '../errors.ts';

/** The error of everything that the broker did not do, or nobody knows whether it did. */
export function brokerUnavailable(what: string, cause?: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const why = cause instanceof Error ? `${what}: ${cause.message}` : what;
  return new AppError('broker_unavailable', why, { cause });
}

/** The reply code of the broker that closed a channel or connection (404, 406 …); undefined for any other error. */
export function replyCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
