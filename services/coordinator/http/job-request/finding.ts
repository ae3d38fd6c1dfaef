import { AppError, type ErrorCode, type RequestProblem } from '../../../../shared/errors.ts';

/** One thing that is wrong with a request whose shape is right. */
export type Finding = RequestProblem & { readonly code: ErrorCode };

/** The error for a request with these findings, pointers counted from `at`. The first finding gives the code. */
export function refusalOf(findings: readonly Finding[], at: string): AppError {
  const problems = findings.map(({ pointer, message }) => ({ pointer: `${at}${pointer}`, message }));
  const detail = problems.map(({ pointer, message }) => `${pointer} ${message}`).join('; ');
  return new AppError(findings[0]?.code ?? 'invalid_request', detail, { problems });
}
