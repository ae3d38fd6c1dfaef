import { AppError } from '../../../shared/errors.ts';

/** Where a page of jobs ended, by the number of its last job. Opaque to clients, so that it may one day hold more. */
export function formatCursor(number: number): string {
  return Buffer.from(`before ${number}`).toString('base64url');
}

/** @throws AppError `invalid_request` for a cursor that no answer gave. */
export function parseCursor(cursor: string): number {
  const [, number] = /^before ([0-9]{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (number !== undefined) return Number(number);
  const message = 'is not a next_cursor that was given out';
  throw new AppError('invalid_request', `/cursor ${message}`, { problems: [{ pointer: '/cursor', message }] });
}
