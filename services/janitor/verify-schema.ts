import type { Store } from '../../shared/db/store.ts';
import { AppError } from '../../shared/errors.ts';

/**
 * Makes the question, asked before each pass, whether the database has the schema of this version; once it had, it is
 * not asked again.
 *
 * @returns a function that throws AppError `unavailable` (not reached, or older) or `schema_newer`, which `onFatal` is
 *   told too.
 */
export function verifySchema(store: Store, onFatal: (error: unknown) => void): () => Promise<void> {
  let verified = false;
  return async () => {
    if (verified) return;
    await store.check().catch((error: unknown) => {
      if (error instanceof AppError && error.code === 'schema_newer') onFatal(error);
      throw error;
    });
    verified = true;
  };
}
