import { expect, test } from 'vitest';
import { createSequencer } from '../../../../services/coordinator/events/sequencer.ts';
import { type JobId, newId } from '../../../../shared/job/ids.ts';
import type { EventBody } from '../../../../shared/wire/events.ts';
import { eventually } from '../../../support/eventually.ts';

const job = newId<JobId>();

const event = (seq: number): EventBody => ({
  ...{ v: 1, id: `e${seq}`, seq, event: 'task.running', at: '2026-01-01T00:00:00.000Z', job_id: job },
  data: {},
});

/** A sequencer over a log that holds events 1 … `stored`, at the positions of their numbers. */
function sequencerOver(stored: number, { settled = 0 } = {}) {
  const told: number[] = [];
  const log = { stored, reads: 0, fails: false };
  const sequencer = createSequencer({
    tell: ({ seq }) => told.push(seq),
    settled: () => settled,
    onError: () => {},
    async read(_job, after) {
      log.reads += 1;
      const { stored } = log;
      await Promise.resolve();
      if (log.fails) throw new Error('the database is away');
      const from = Math.max(after.seq, after.position);
      return Array.from({ length: stored }, (_, n) => event(n + 1)).filter(({ seq }) => seq > from);
    },
  });
  return { sequencer, told, log };
}

test('events that come in order are told at once, without asking the database', () => {
  const { sequencer, told, log } = sequencerOver(3);
  for (const seq of [1, 2, 3]) sequencer.accept(event(seq), job);
  expect([told, log.reads]).toEqual([[1, 2, 3], 0]);
});

test('what was told is dropped', () => {
  const { sequencer, told } = sequencerOver(2);
  for (const seq of [1, 2, 1, 2]) sequencer.accept(event(seq), job);
  expect(told).toEqual([1, 2]);
});

test('what is missing is read before what came', async () => {
  const { sequencer, told, log } = sequencerOver(4);
  for (const seq of [1, 4]) sequencer.accept(event(seq), job);
  await eventually(() => expect(told).toEqual([1, 2, 3, 4]));
  expect(log.reads).toBe(1);
});

test('what comes while the missing is read is told once, after it', async () => {
  const { sequencer, told, log } = sequencerOver(3);
  for (const seq of [1, 3]) sequencer.accept(event(seq), job);
  log.stored = 5;
  for (const seq of [2, 4, 5]) sequencer.accept(event(seq), job);
  await eventually(() => expect(told).toEqual([1, 2, 3, 4, 5]));
});

test('what comes while something is looked for in vain is not passed over with it', async () => {
  const { sequencer, told, log } = sequencerOver(1);
  sequencer.begin(job, 1);
  sequencer.hear(job, 2);
  log.stored = 3;
  sequencer.hear(job, 3);
  await eventually(() => expect(told).toEqual([3]));
});

test('of a job that nobody heard of lately only what is news is told', async () => {
  const { sequencer, told } = sequencerOver(6, { settled: 4 });
  sequencer.accept(event(6), job);
  await eventually(() => expect(told).toEqual([5, 6]));
});

test('what could not be read is read later', async () => {
  const { sequencer, told, log } = sequencerOver(3);
  sequencer.begin(job, 1);
  log.fails = true;
  sequencer.hear(job, 3);
  await eventually(() => expect(log.reads).toBe(1));
  log.fails = false;
  await eventually(() => {
    sequencer.tidy();
    expect(told).toEqual([2, 3]);
  });
});

test('a job that was forgotten with its events is waited for no longer', async () => {
  const { sequencer, told, log } = sequencerOver(0);
  sequencer.begin(job, 3);
  sequencer.hear(job, 9);
  await eventually(() => expect(log.reads).toBe(1));
  sequencer.tidy();
  await Promise.resolve();
  expect([told, log.reads]).toEqual([[], 1]);
});
