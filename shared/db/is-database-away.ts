import { AppError } from '../errors.ts';
import { troubleOf } from './mariadb/database-trouble.ts';

/**
 * Whether an error says that the database cannot be worked with now, rather than that something is wrong with what was
 * asked of it. A look outside of a transaction throws what the driver threw, after it was repeated for many seconds.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'unavailable';
  return troubleOf(error) === 'connection';
}
