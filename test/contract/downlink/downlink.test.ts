import { describe, expect, onTestFinished, test } from 'vitest';
import type { Downlink } from '../../../services/worker/downlink/downlink.ts';
import { startHttpLongPoll } from '../../../services/worker/downlink/http-long-poll.ts';
import { createPools } from '../../../services/worker/pools.ts';
import { eventually } from '../../support/eventually.ts';
import { useRabbit } from '../../support/use-rabbit.ts';
import { dispatcherOn, startWorkerOn } from './amqp-rig.ts';
import { neverAnswered, type Offered, playFarm } from './play-farm.ts';

const rabbit = useRabbit();

type Played = {
  readonly farm: ReturnType<typeof playFarm>;
  /** A task comes, and is told in the way of this downlink. */
  addTask(): Promise<void>;
  startWorker(slots: number): { downlink: Downlink; start(): Downlink; offered: Offered[] };
};

async function playedOverHttp(): Promise<Played> {
  const farm = playFarm();
  return {
    farm,
    addTask: async () => void farm.add(),
    startWorker(slotCount) {
      const { offered, needs } = farm.worker();
      const pools = createPools({ cpu: slotCount });
      const start = () => startHttpLongPoll({ ...needs, pools });
      const downlink = start();
      onTestFinished(() => downlink.stop());
      return { downlink, start, offered };
    },
  };
}

async function playedOverAmqp(): Promise<Played> {
  const farm = playFarm();
  const dispatcher = await dispatcherOn(rabbit);
  const queueClass = await dispatcher.declareNew();
  return {
    farm,
    async addTask() {
      farm.add();
      await dispatcher.token(queueClass);
    },
    startWorker: (slots) => startWorkerOn(rabbit, farm, { slots, classes: [queueClass] }),
  };
}

describe.each([
  ['http', playedOverHttp],
  ['amqp', playedOverAmqp],
])('%s', (_, play) => {
  test('a worker takes as many tasks as it has slots, and the next when one is free again', async () => {
    const { farm, addTask, startWorker } = await play();
    for (let count = 0; count < 5; count += 1) await addTask();
    const { offered } = startWorker(2);
    await eventually(() => expect(offered).toHaveLength(2));
    offered[0]?.slot.release();
    offered[0]?.slot.release();
    await eventually(() => expect(offered).toHaveLength(3));
    offered[1]?.slot.release();
    offered[2]?.slot.release();
    await eventually(() => expect(offered).toHaveLength(5));
    expect(farm.tasks).toEqual([]);
    expect(new Set(offered.map(({ task }) => task.task_id)).size).toBe(5);
  });

  test('a busy worker leaves its tasks to one with a free slot', async () => {
    const { addTask, startWorker } = await play();
    const busy = startWorker(1);
    await addTask();
    await eventually(() => expect(busy.offered).toHaveLength(1));
    const free = startWorker(2);
    await addTask();
    await addTask();
    await eventually(() => expect(free.offered).toHaveLength(2));
    expect(busy.offered).toHaveLength(1);
  });

  test('a task that comes while the worker waits is taken at once', async () => {
    const { addTask, startWorker } = await play();
    const { offered } = startWorker(1);
    for (let count = 1; count <= 5; count += 1) {
      await addTask();
      await eventually(() => expect(offered).toHaveLength(count), 1_000);
      offered[count - 1]?.slot.release();
    }
  });

  test('a stopped downlink takes nothing more, and what runs goes on; another one takes up where it stopped', async () => {
    const { farm, addTask, startWorker } = await play();
    const { downlink, start, offered } = startWorker(2);
    await addTask();
    await eventually(() => expect(offered).toHaveLength(1));
    await downlink.stop();
    await addTask();
    const other = startWorker(1);
    await eventually(() => expect(other.offered).toHaveLength(1));
    expect(offered).toHaveLength(1);
    const again = start();
    onTestFinished(() => again.stop());
    await addTask();
    await eventually(() => expect(offered).toHaveLength(2));
    expect(farm.givenBack.length).toBeLessThanOrEqual(1); // the long-poll that stood
  });

  test('a stop gives back the claim whose answer it does not wait for, and the task is another worker’s', async () => {
    const { farm, addTask, startWorker } = await play();
    farm.answerWith(neverAnswered);
    const { downlink, offered } = startWorker(1);
    await addTask();
    await eventually(() => expect(farm.claims).toHaveLength(1));
    farm.answerWith(undefined);
    await downlink.stop();
    expect(farm.givenBack).toEqual([farm.claims[0]?.claim_id]);
    const other = startWorker(1);
    await eventually(() => expect(other.offered).toHaveLength(1));
    expect(offered).toEqual([]);
  });

  test('a stop is quick while every slot is taken', async () => {
    const { addTask, startWorker } = await play();
    const { downlink, offered } = startWorker(1);
    await addTask();
    await eventually(() => expect(offered).toHaveLength(1));
    const asked = performance.now();
    await downlink.stop();
    expect(performance.now() - asked).toBeLessThan(500);
  });
});
