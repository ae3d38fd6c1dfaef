import type { ExpressionBuilder } from 'kysely';
import type { InstanceId, WorkerId } from '../../job/ids.ts';
import type { Schema } from '../schema.ts';

/**
 * The condition that this instance of a worker is still the one that counts, and takes work: while the claim waited for
 * the job's row it may have been restarted, drained or quarantined.
 */
export function mayBeGiven({ worker, instance }: { readonly worker: WorkerId; readonly instance: InstanceId }) {
  return (where: ExpressionBuilder<Schema, 'tasks'>) =>
    where.exists(
      where
        .selectFrom('workers')
        .select('workers.id')
        .where('workers.id', '=', worker)
        .where('workers.instance_id', '=', instance)
        .where('workers.status', '=', 'online')
        .where('workers.drain', '=', 0),
    );
}
