import type { Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { advanceIdleJobs } from '../../shared/db/transactions/advance-idle-jobs.ts';
import { expireLeases } from '../../shared/db/transactions/expire-leases.ts';
import { failUnservableTasks } from '../../shared/db/transactions/fail-unservable-tasks.ts';
import { forceCancels } from '../../shared/db/transactions/force-cancels.ts';
import { forgetOldJobs } from '../../shared/db/transactions/forget-old-jobs.ts';
import { markWorkersOffline } from '../../shared/db/transactions/mark-workers-offline.ts';
import { offerPublications } from '../../shared/db/transactions/offer-publications.ts';
import { timeOutTasks } from '../../shared/db/transactions/time-out-tasks.ts';

/** A chore: looks for rows of one kind, repairs them one guarded write at a time, says how many there were. */
type Sweep = (store: Store, rules: Rules) => Promise<number>;

/** In the order in which a pass runs them. Each is safe to run twice, and beside another janitor. */
export const SWEEPS: Readonly<Record<string, Sweep>> = {
  'expire-leases': expireLeases,
  'offer-publications': offerPublications,
  'force-cancels': forceCancels,
  'advance-idle-jobs': advanceIdleJobs,
  'time-out-tasks': timeOutTasks,
  'mark-workers-offline': markWorkersOffline,
  'fail-unservable-tasks': failUnservableTasks,
  'forget-old-jobs': forgetOldJobs,
};
