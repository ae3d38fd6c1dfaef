import { expect, test } from 'vitest';
import { createBeat } from '../../../services/worker/beat.ts';
import { createHeldAttempts } from '../../../services/worker/held-attempts.ts';
import { createContact } from '../../../services/worker/uplink/contact.ts';
import { AppError } from '../../../shared/errors.ts';
import { type AttemptId, type InstanceId, newId, type TaskId, type WorkerId } from '../../../shared/job/ids.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';
import type { HeartbeatAnswer } from '../../../shared/wire/workers.ts';

/** Heartbeats whose answers the test gives, in any order. */
function playedBeat() {
  const sent: { answer(answer: Partial<HeartbeatAnswer>): Promise<void>; fail(error: Error): Promise<void> }[] = [];
  const [drains, renewals]: [boolean[], number[]] = [[], []];
  const held = createHeldAttempts();
  const beat = createBeat({
    coordinator: {
      heartbeat() {
        const { promise, resolve, reject } = Promise.withResolvers<HeartbeatAnswer>();
        const usual = { cancel: [], lost: [], drain: false, subscriptions: { version: 1, classes: [] } };
        const ended = () => beats[sent.indexOf(played)];
        const played = {
          async answer(answer: Partial<HeartbeatAnswer>) {
            resolve({ ...usual, ...answer });
            await ended();
          },
          async fail(error: Error) {
            reject(error);
            await ended();
          },
        };
        sent.push(played);
        return promise;
      },
    },
    registration: { workerId: newId<WorkerId>(), renew: async () => void renewals.push(1) },
    ...{ contact: createContact(), instanceId: newId<InstanceId>(), held },
    log: createLogger({ level: 'silent', name: 'test' }),
    status: () => 'online',
    onDrain: (drain) => void drains.push(drain),
    onSubscriptions: () => {},
    onFatal: () => {},
  });
  const beats: Promise<void>[] = [];
  const send = () => void beats.push(beat());
  return { send, sent, drains, renewals, held };
}

test('an older answer that comes late does not take back the operator’s newer wish, but still ends its attempts', async () => {
  const { send, sent, drains, held } = playedBeat();
  const attempt = held.add({ token: newId<AttemptId>(), task_id: newId<TaskId>(), attempt: 1 });
  send();
  send();
  await sent[1]?.answer({ drain: true });
  await sent[0]?.answer({ drain: false, cancel: [attempt.id] });
  expect(drains).toEqual([true]);
  expect(attempt.working.reason).toBe('canceled');
});

test('an answer about an attempt that is not held any more harms no other', async () => {
  const { send, sent, held } = playedBeat();
  const attempt = held.add({ token: newId<AttemptId>(), task_id: newId<TaskId>(), attempt: 2 });
  send();
  await sent[0]?.answer({ cancel: [newId()], lost: [newId()] });
  expect(attempt.working.aborted).toBe(false);
});

test('a coordinator that forgot the worker makes it register, one that is away does not', async () => {
  const { send, sent, renewals } = playedBeat();
  send();
  await sent[0]?.fail(new AppError('unavailable', 'away'));
  expect(renewals).toEqual([]);
  send();
  await sent[1]?.fail(new AppError('unknown_worker', 'who?'));
  expect(renewals).toEqual([1]);
});
