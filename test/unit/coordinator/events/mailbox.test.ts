import { expect, test, vi } from 'vitest';
import { createMailbox } from '../../../../services/coordinator/events/mailbox.ts';

const SOON = 5;
const LONG = 60_000;
const open = () => new AbortController().signal;

test('what was put is taken in order, before and after somebody waits', async () => {
  const mailbox = createMailbox<number>(10, () => {});
  mailbox.put(1);
  mailbox.put(2);
  expect(await mailbox.take(LONG, open())).toBe(1);
  expect(await mailbox.take(LONG, open())).toBe(2);
  const third = mailbox.take(LONG, open());
  mailbox.put(3);
  expect(await third).toBe(3);
});

test('nothing comes when the time is up', async () => {
  expect(await createMailbox<number>(10, () => {}).take(SOON, open())).toBeUndefined();
});

test('an abort ends the waiting at once', async () => {
  const controller = new AbortController();
  const taken = createMailbox<number>(10, () => {}).take(LONG, controller.signal);
  controller.abort();
  expect(await taken).toBeUndefined();
});

test('what finds the mailbox full is dropped, and the reader is given up', async () => {
  const onFull = vi.fn();
  const mailbox = createMailbox<number>(2, onFull);
  for (const item of [1, 2, 3]) mailbox.put(item);
  expect(onFull).toHaveBeenCalledOnce();
  expect([await mailbox.take(LONG, open()), await mailbox.take(LONG, open())]).toEqual([1, 2]);
  expect(await mailbox.take(SOON, open())).toBeUndefined();
});
