import type { Rules } from '../rules.ts';
import type { Db } from '../store.ts';

/**
 * Whether some coordinator was ready, without a gap, for the whole last lease period. Where not, a lease that ran out
 * says nothing about its worker: perhaps there was nobody to renew it (PROTOCOL A3).
 */
export async function leasesCouldBeRenewed(
  db: Db,
  now: number,
  rules: Pick<Rules, 'leaseMs' | 'coordinatorGapMs'>,
): Promise<boolean> {
  const witness = await db
    .selectFrom('coordinators')
    .select('id')
    .where('seen_at', '>', now - rules.coordinatorGapMs)
    .where('since_at', '<=', now - rules.leaseMs)
    .executeTakeFirst();
  return witness !== undefined;
}
