import { expect, test } from 'vitest';
import { outcomeOfFailure } from '../../../services/worker/outcome-of-failure.ts';
import { AppError, ERRORS, type ErrorCode } from '../../../shared/errors.ts';

test('what the input or the request is to blame for is rejected, everything else tried again', () => {
  for (const code of Object.keys(ERRORS) as ErrorCode[]) {
    const { outcome, error } = outcomeOfFailure(new AppError(code, 'why'));
    const { fault } = ERRORS[code];
    expect({ code, outcome }).toEqual({ code, outcome: fault === 'input' || fault === 'request' ? 'reject' : 'retry' });
    expect(error).toEqual({ code, fault, message: 'why' });
  }
});

test('an unforeseen exception is ours and tried again, and its text fits the wire', () => {
  const { outcome, error } = outcomeOfFailure(new TypeError('x'.repeat(20_000)));
  expect({ outcome, code: error.code, fault: error.fault }).toEqual({
    outcome: 'retry',
    code: 'internal',
    fault: 'us',
  });
  expect(error.message).toHaveLength(10_000);
});
