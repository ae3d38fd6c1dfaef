import type { JobId } from '../../job/ids.ts';
import type { Tx } from '../store.ts';

const OF_THE_PICTURE = ['measure', 'segment', 'transcode'] as const;

/**
 * Lets the picture's tasks of a new plan begin with the most failures that one of the plans before had: otherwise a
 * source that every encoder refuses would go from one to the next for ever.
 */
export async function keepFailures(tx: Tx, job: JobId): Promise<void> {
  const { failures } = await tx.db
    .selectFrom('tasks')
    .select((select) => select.fn.max<number>('failures').as('failures'))
    .where('job_id', '=', job)
    .where('ordinal', '<', 0)
    .where('kind', 'in', OF_THE_PICTURE)
    .executeTakeFirstOrThrow();
  if (Number(failures ?? 0) === 0) return;
  tx.atEnd.push(
    tx.db
      .updateTable('tasks')
      .set({ failures: Number(failures) })
      .where('job_id', '=', job)
      .where('ordinal', '>=', 0)
      .where('kind', 'in', OF_THE_PICTURE),
  );
}
