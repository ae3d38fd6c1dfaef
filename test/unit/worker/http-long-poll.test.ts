import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startHttpLongPoll } from '../../../services/worker/downlink/http-long-poll.ts';
import { createPools } from '../../../services/worker/pools.ts';
import type { Slot } from '../../../services/worker/slots.ts';
import type { ClaimAnswer, Claimed } from '../../../services/worker/uplink/coordinator.ts';
import { eventually } from '../../support/eventually.ts';

/** A downlink whose claims the test answers. */
function playedDownlink(slotCount: number) {
  const asked: { id: string; answer: (answer: ClaimAnswer) => void }[] = [];
  const offered: Slot[] = [];
  const givenBack: string[] = [];
  const downlink = startHttpLongPoll({
    pools: createPools({ cpu: slotCount }),
    async claim({ claim_id }, signal) {
      const { promise, resolve } = Promise.withResolvers<ClaimAnswer>();
      asked.push({ id: claim_id, answer: resolve });
      const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
      return (await Promise.race([promise, aborted])) as ClaimAnswer;
    },
    offer: (_, slot) => void offered.push(slot),
    giveBack: async (claim) => void givenBack.push(claim),
  });
  return { downlink, asked, offered, givenBack };
}

const TASK: ClaimAnswer = { task: {} as Claimed };

test('there is one claim at a time, and none without a free slot', async () => {
  const { downlink, asked, offered } = playedDownlink(2);
  expect(asked).toHaveLength(0);
  await eventually(() => expect(asked).toHaveLength(1));
  asked[0]?.answer(TASK);
  await eventually(() => expect(asked).toHaveLength(2));
  asked[1]?.answer(TASK);
  await eventually(() => expect(offered).toHaveLength(2));
  expect(asked).toHaveLength(2);
  offered[0]?.release();
  offered[0]?.release();
  await eventually(() => expect(asked).toHaveLength(3));
  asked[2]?.answer(TASK);
  await eventually(() => expect(offered).toHaveLength(3));
  expect(asked).toHaveLength(3);
  await downlink.stop();
});

test('a lost race is claimed anew at once, under a new id', async () => {
  const { downlink, asked } = playedDownlink(1);
  await eventually(() => expect(asked).toHaveLength(1));
  asked[0]?.answer({ again: true });
  await eventually(() => expect(asked).toHaveLength(2), 200);
  expect(asked[1]?.id).not.toBe(asked[0]?.id);
  await downlink.stop();
});

test('an empty answer that comes early is not followed by a claim at once', async () => {
  const { downlink, asked } = playedDownlink(1);
  await eventually(() => expect(asked).toHaveLength(1));
  const answered = performance.now();
  asked[0]?.answer({ task: null });
  await eventually(() => expect(asked).toHaveLength(2));
  expect(performance.now() - answered).toBeGreaterThan(300);
  await downlink.stop();
});

test('a stop ends the claim that waits and gives it back, and nothing else', async () => {
  const { downlink, asked, givenBack } = playedDownlink(2);
  await eventually(() => expect(asked).toHaveLength(1));
  asked[0]?.answer(TASK);
  await eventually(() => expect(asked).toHaveLength(2));
  await downlink.stop();
  expect(givenBack).toEqual([asked[1]?.id]);
});

test('a stop while every slot is taken is a stop', async () => {
  const { downlink, asked, offered, givenBack } = playedDownlink(1);
  await eventually(() => expect(asked).toHaveLength(1));
  asked[0]?.answer(TASK);
  await eventually(() => expect(offered).toHaveLength(1));
  await downlink.stop();
  expect(givenBack).toEqual([]);
});
