import { AppError } from '../../errors.ts';
import { newId, type WorkerId } from '../../job/ids.ts';
import type { RegisterBody, Subscriptions } from '../../wire/workers.ts';
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
  const { id, created } = await store.transaction(async (tx) => {
    const known = await tx.db.selectFrom('workers').selectAll().where('name', '=', body.name).executeTakeFirst();
    if (!known) return { id: await insertWorker(tx, body), created: true };
    refuseSecondInstance(tx, known, body, rules);
    await updateWorker(tx, known, body);
    return { id: known.id, created: false };
  });
  await releaseFormerInstances(store, { workerId: id, instanceId: body.instance_id, rules });
  const subscriptions = await listSubscriptions(store.db, Object.keys(body.capabilities.encoders), await store.now());
  return { id, created, subscriptions };
}

function refuseSecondInstance(tx: Tx, known: WorkerRow, body: RegisterBody, rules: Rules): void {
  if (known.instance_id === body.instance_id || known.instance_id === body.former_instance_id) return;
  if (known.last_heartbeat_at + rules.offlineMs > tx.now) throw nameInUse(body);
}

function nameInUse({ name }: RegisterBody): AppError {
  return new AppError('name_in_use', `a live worker is called ${JSON.stringify(name)}: give this one another name`);
}

async function insertWorker(tx: Tx, body: RegisterBody): Promise<WorkerId> {
  const id = newId<WorkerId>(tx.now);
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
  return id;
}

async function updateWorker(tx: Tx, known: WorkerRow, body: RegisterBody): Promise<void> {
  const status = known.status === 'offline' ? (known.drain === 1 ? 'draining' : 'online') : known.status;
  const changed = await tx.db
    .updateTable('workers')
    .set({ instance_id: body.instance_id, registration: JSON.stringify(body), last_heartbeat_at: tx.now, status })
    .where('id', '=', known.id)
    .where('instance_id', 'in', [known.instance_id, body.instance_id])
    .executeTakeFirst();
  if (changed.numUpdatedRows === 0n) throw nameInUse(body);
  if (known.status === 'offline')
    await recordWorkerEvent(tx, { event: 'worker.online', workerId: known.id, data: { name: body.name } });
}
