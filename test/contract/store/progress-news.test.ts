import { afterEach, beforeEach, expect, test } from 'vitest';
import { createProgressNews } from '../../../services/coordinator/events/progress-news.ts';
import type { Store } from '../../../shared/db/store.ts';
import type { AttemptId, TaskId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { TestFarm, type TestWorker } from '../../support/test-farm.ts';

const log = createLogger({ level: 'silent', name: 'test' });

let farm: TestFarm;
let worker: TestWorker;
beforeEach(async () => {
  farm = await TestFarm.open();
  worker = await farm.worker('a');
});
afterEach(() => farm.close());

/** A store in which something happens as soon as rows were read: before the moment is asked for, if that comes later. */
function changingAfterReads(store: Store, meanwhile: () => Promise<unknown>): Store {
  return {
    ...store,
    async now() {
      await meanwhile();
      return store.now();
    },
    async look(queries) {
      const found = await store.look(queries);
      await meanwhile();
      return found;
    },
  };
}

/** All that somebody who listens to everything is told after a heartbeat with this task. */
async function toldAfterHeartbeat(task: ClaimedTask, store = farm.store): Promise<EventBody[]> {
  const told: EventBody[] = [];
  const hub = {
    isHeard: () => true,
    hasListeners: () => true,
    announce: (event: EventBody) => void told.push(event),
    subscribe: () => Promise.reject(new Error('nobody subscribes here')),
    stop: async () => {},
  };
  const news = createProgressNews({ store, hub, brokerSide: undefined, log });
  const { attempt, token } = task;
  const pace = { progress: 0.5, fps: null, speed: null };
  news.afterHeartbeat([{ task_id: task.task_id as TaskId, attempt, token: token as AttemptId, ...pace }]);
  await news.stop();
  return told;
}

test('the progress of a running task is told', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.heartbeat(worker, [task]);
  const told = await toldAfterHeartbeat(task);
  expect(told).toMatchObject([{ event: 'task.progress', data: { progress: 0.5 } }, { event: 'job.progress' }]);
});

test('progress of a task that is completed while it is read is not told as later than its end', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  const read = farm.clock.now();
  const store = changingAfterReads(farm.store, async () => {
    farm.clock.advance(1_000);
    await farm.done(task);
  });
  const told = await toldAfterHeartbeat(task, store);
  expect(told.map(({ event, at }) => [event, Date.parse(at)])).toEqual([
    ['task.progress', read],
    ['job.progress', read],
  ]);
});

test('no progress is told of a task that is over, though its row still names the attempt', async () => {
  const { task } = await farm.readyToCommit(worker);
  await farm.commit(task);
  await farm.done(task);
  expect(await toldAfterHeartbeat(task)).toEqual([]);
});
