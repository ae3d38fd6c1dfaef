import { expect, test } from 'vitest';
import { createHeldAttempts } from '../../../services/worker/held-attempts.ts';
import { type AttemptId, newId, type TaskId } from '../../../shared/job/ids.ts';

function hold() {
  const held = createHeldAttempts();
  const claimed = { token: newId<AttemptId>(), task_id: newId<TaskId>(), attempt: 3 };
  return { held, claimed, attempt: held.add(claimed) };
}

test('a heartbeat lists exactly what is held, with its progress', () => {
  const { held, claimed, attempt } = hold();
  attempt.setProgress({ progress: 1.02, fps: 25, speed: 1.5 });
  expect(held.describe()).toEqual([{ ...claimed, progress: 1, fps: 25, speed: 1.5 }]);
  attempt.drop();
  expect(held.describe()).toEqual([]);
});

test('while it works an attempt can be broken off, with the reason', () => {
  const { held, claimed, attempt } = hold();
  held.find(claimed.token)?.end('canceled');
  expect(attempt.working.reason).toBe('canceled');
});

test('once its work is done it is not broken off, but knows what was asked', () => {
  const { attempt } = hold();
  attempt.finish();
  attempt.end('lost');
  expect(attempt.working.aborted).toBe(false);
  expect(attempt.lost.aborted).toBe(true);
  expect(attempt.asked).toBe('lost');
});
