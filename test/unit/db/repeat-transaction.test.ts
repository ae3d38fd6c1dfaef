import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { repeatTransaction } from '../../../shared/db/repeat-transaction.ts';
import { AppError } from '../../../shared/errors.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';

const log = createLogger({ level: 'silent', name: 'test' });
const failed = (fields: object, message = 'as the test wants it') => Object.assign(new Error(message), fields);

/** Fails with these errors, one after the other, and then succeeds. Returns how often it was run, and how it ended. */
async function run(...errors: Error[]) {
  const { runs, ended } = await runAndWatch(...errors);
  return { runs, ended };
}

/** The same, with what asked for each repetition. */
async function runAndWatch(...errors: Error[]) {
  const troubles: string[] = [];
  let runs = 0;
  const ended = await repeatTransaction(
    async () => {
      const error = errors[runs++];
      if (error !== undefined) throw error;
      return 'done';
    },
    { log, onRepeat: (trouble) => void troubles.push(trouble) },
  ).catch((error: unknown) => error);
  return { runs, ended, troubles };
}

test.each([1020, 1205, 1213, 1062, 1047, 1290, 1927, 2006, 2013])('error %i is met by a repetition', async (errno) => {
  expect(await run(failed({ errno }), failed({ errno }))).toEqual({ runs: 3, ended: 'done' });
});

test.each([
  'ECONNRESET',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
])('%s is met by a repetition', async (code) => {
  expect(await run(failed({ code }))).toEqual({ runs: 2, ended: 'done' });
});

test('what a repetition would meet again is thrown as it is', async () => {
  const syntax = failed({ errno: 1064 });
  expect(await run(syntax)).toEqual({ runs: 1, ended: syntax });
  const refused = new AppError('wrong_state', 'no');
  expect(await run(failed({ errno: 1213 }), refused)).toEqual({ runs: 2, ended: refused });
});

test('each repetition is told with what asked for it, and nothing else is', async () => {
  const errors = [{ errno: 1213 }, { errno: 1062 }, { code: 'EPIPE' }, { errno: 1205 }, { errno: 1064 }];
  const { troubles } = await runAndWatch(...errors.map((fields) => failed(fields)));
  expect(troubles).toEqual(['conflict', 'duplicate', 'connection', 'conflict']);
});

test('a duplicate that the repetition does not find is no other writer', async () => {
  const duplicate = failed({ errno: 1062 });
  expect(await run(...Array(100).fill(duplicate))).toEqual({ runs: 6, ended: duplicate });
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('a database that stays away is given up', async () => {
  let runs = 0;
  const ended = repeatTransaction(
    async () => {
      runs += 1;
      vi.advanceTimersByTime(4_000);
      throw failed({ code: 'ECONNREFUSED' });
    },
    { log },
  );
  await expect(ended).rejects.toMatchObject({ code: 'unavailable' });
  expect(runs).toBe(4);
});
