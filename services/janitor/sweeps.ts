import type { Broker } from '../../shared/broker/broker.ts';
import { advanceIdleJobs } from '../../shared/db/transactions/advance-idle-jobs.ts';
import { expireLeases } from '../../shared/db/transactions/expire-leases.ts';
import { failUnservableTasks } from '../../shared/db/transactions/fail-unservable-tasks.ts';
import { forceCancels } from '../../shared/db/transactions/force-cancels.ts';
import { forgetCoordinators } from '../../shared/db/transactions/forget-coordinators.ts';
import { forgetOldJobs } from '../../shared/db/transactions/forget-old-jobs.ts';
import { interruptStalledTasks } from '../../shared/db/transactions/interrupt-stalled-tasks.ts';
import { markWorkersOffline } from '../../shared/db/transactions/mark-workers-offline.ts';
import { offerPublications } from '../../shared/db/transactions/offer-publications.ts';
import { planLeftJobsAnew } from '../../shared/db/transactions/plan-left-jobs-anew.ts';
import { timeOutTasks } from '../../shared/db/transactions/time-out-tasks.ts';
import type { SweepName } from '../../shared/wire/sweeps.ts';
import type { BrokerContext, Sweep, SweepContext } from './sweep.ts';
import { createDeadLetterCount } from './sweeps/count-dead-letters.ts';
import { createDueTokens } from './sweeps/publish-due-tokens.ts';
import { createQueueReconcile } from './sweeps/reconcile-queues.ts';
import { relayLeftoverEvents } from './sweeps/relay-leftover-events.ts';

/**
 * All chores of a janitor, by name; those that need a broker are missing without one. Each is safe to run twice, and
 * beside another janitor.
 */
export function createSweeps(context: SweepContext, broker: Broker | undefined): Partial<Record<SweepName, Sweep>> {
  const { store, rules } = context;
  return {
    'expire-leases': () => expireLeases(store, rules),
    'offer-publications': () => offerPublications(store, rules),
    'force-cancels': () => forceCancels(store, rules),
    'advance-idle-jobs': () => advanceIdleJobs(store),
    'time-out-tasks': () => timeOutTasks(store, rules),
    'interrupt-stalled-tasks': () => interruptStalledTasks(store, rules),
    'mark-workers-offline': () => markWorkersOffline(store, rules),
    'plan-left-jobs-anew': () => planLeftJobsAnew(store, rules),
    'fail-unservable-tasks': () => failUnservableTasks(store, rules),
    'forget-old-jobs': () => forgetOldJobs(store, rules),
    'forget-coordinators': () => forgetCoordinators(store),
    ...(broker && brokerSweeps({ ...context, broker })),
  };
}

function brokerSweeps(context: BrokerContext): Partial<Record<SweepName, Sweep>> {
  return {
    'publish-due-tokens': createDueTokens(context),
    'reconcile-queues': createQueueReconcile(context),
    'relay-leftover-events': () => relayLeftoverEvents(context),
    'count-dead-letters': createDeadLetterCount(context),
  };
}
