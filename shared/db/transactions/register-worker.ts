import { AppError } from '../../errors.ts';
import { newId, type WorkerId } from '../../job/ids.ts';
import type { RegisterBody, Subscriptions } from '../../wire/workers.ts';
import { findWorker } from '../queries/find-worker.ts';
import { listSubscriptions } from '../queries/list-subscriptions.ts';
import type { WorkerRow } from '../rows.ts';
import type { Rules } from '../rules.ts';
import { recordWorkerEvent } from '../steps/record-events.ts';
import type { Store, Tx } from '../store.ts';
import { releaseFormerInstances } from './release-former-instances.ts';

type Registered = { readonly id: WorkerId; readonly created: boolean; readonly subscriptions: Subscriptions };

/**
 * Makes a worker known, or known again: a repetition updates what it can do, a new instance also releases what the
 * former one held.
 *
 * @throws AppError `name_in_use` while another instance of that name is alive and not proved dead by its journal.
 */
export async function registerWorker(
  store: Store,
  { body, rules }: { body: RegisterBody; rules: Rules },
): Promise<Registered> {
  // Drawn here, so that a transaction that is run again knows the row that it has already made.
  const newWorker = newId<WorkerId>();
  const { id, created } = await store.transaction(async (tx) => {
    const known = await tx.db.selectFrom('workers').selectAll().where('name', '=', body.name).executeTakeFirst();
    if (!known) {
      await insertWorker(tx, newWorker, body);
      return { id: newWorker, created: true };
    }
    refuseSecondInstance(tx, known, body, rules);
    await updateWorker(tx, known, body);
    return { id: known.id, created: known.id === newWorker };
  });
  await releaseFormerInstances(store, { workerId: id, instanceId: body.instance_id, rules });
  const [worker, now] = await Promise.all([findWorker(store.db, id), store.now()]);
  // Forgotten this very moment, it learns that from its first heartbeat.
  const subscriptions = worker ? await listSubscriptions(store.db, worker, now) : { version: now, classes: [] };
  return { id, created, subscriptions };
}

function refuseSecondInstance(tx: Tx, known: WorkerRow, body: RegisterBody, rules: Rules): void {
  if (known.instance_id === body.instance_id || known.instance_id === body.former_instance_id) return;
  // One that said that it ends, or has been silent for too long, has given its name up.
  if (known.status !== 'offline' && known.last_heartbeat_at + rules.offlineMs > tx.now) throw nameInUse(body);
}

function nameInUse({ name }: RegisterBody): AppError {
  return new AppError('name_in_use', `a live worker is called ${JSON.stringify(name)}: give this one another name`);
}

async function insertWorker(tx: Tx, id: WorkerId, body: RegisterBody): Promise<void> {
  await tx.db
    .insertInto('workers')
    .values({
      id,
      name: body.name,
      instance_id: body.instance_id,
      status: 'online',
      drain: 0,
      registration: JSON.stringify(body),
      load: 0,
      last_heartbeat_at: tx.now,
      interruptions: 0,
      registered_at: tx.now,
    })
    .execute();
  await recordWorkerEvent(tx, { event: 'worker.online', workerId: id, data: { name: body.name } });
}

async function updateWorker(tx: Tx, known: WorkerRow, body: RegisterBody): Promise<void> {
  const changed = await tx.db
    .updateTable('workers')
    .set({ instance_id: body.instance_id, registration: JSON.stringify(body), last_heartbeat_at: tx.now })
    .where('id', '=', known.id)
    .where('instance_id', 'in', [known.instance_id, body.instance_id])
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw nameInUse(body);
  // Not from what was read above: a drain or a quarantine may have been written since.
  const back = await tx.db
    .updateTable('workers')
    .set((row) => ({
      status: row
        .case()
        .when('drain', '=', 1)
        .then('draining' as const)
        .else('online' as const)
        .end(),
    }))
    .where('id', '=', known.id)
    .where('status', '=', 'offline')
    .executeTakeFirst();
  if (back.numUpdatedRows > 0n)
    await recordWorkerEvent(tx, { event: 'worker.online', workerId: known.id, data: { name: body.name } });
}
