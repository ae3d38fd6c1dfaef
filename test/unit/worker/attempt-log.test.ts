import { expect, test } from 'vitest';
import { openAttemptLog } from '../../../services/worker/attempt-log.ts';
import { AppError } from '../../../shared/errors.ts';
import { type AttemptId, newId } from '../../../shared/job/ids.ts';
import type { LogsBody } from '../../../shared/wire/workers.ts';

function open(refuse: (number: number) => AppError | undefined = () => undefined) {
  const batches: LogsBody['lines'][] = [];
  const firsts: number[] = [];
  const ending = new AbortController();
  let asked = 0;
  const log = openAttemptLog(newId<AttemptId>(), {
    async send(_, { first_line, lines }) {
      asked += 1;
      firsts.push(first_line);
      const error = refuse(asked);
      if (error) throw error;
      batches.push(lines);
    },
    batchMs: 1,
    signal: ending.signal,
  });
  const texts = () => batches.flat().map(({ text }) => text);
  return { log, batches, firsts, texts, ending, asked: () => asked };
}

test('a batch that nobody took is sent again, nothing twice', async () => {
  const { log, texts } = open((number) => (number === 1 ? new AppError('unavailable', '') : undefined));
  log.add('stderr', 'one');
  log.add('worker', 'two');
  await log.end();
  expect(texts()).toEqual(['one', 'two']);
});

test('each batch says which of the lines is its first, also when it is sent again', async () => {
  const { log, batches, firsts } = open((number) => (number === 2 ? new AppError('unavailable', '') : undefined));
  for (let number = 0; number < 501; number += 1) log.add('stderr', 'a line');
  await log.end();
  expect(batches.map((lines) => lines.length)).toEqual([500, 1]);
  expect(firsts).toEqual([1, 501, 501]);
});

test('a batch that is refused for good is dropped', async () => {
  const { log, texts } = open((number) => (number === 1 ? new AppError('not_found', '') : undefined));
  log.add('stderr', 'one');
  await log.end();
  expect(texts()).toEqual([]);
});

test('no batch comes near the largest body, and no line is longer than the wire takes', async () => {
  const { log, batches } = open();
  for (let number = 0; number < 200; number += 1) log.add('stderr', 'x'.repeat(5_000));
  await log.end();
  expect(batches.flat()).toHaveLength(200);
  for (const lines of batches) expect(JSON.stringify({ lines }).length).toBeLessThan(200_000);
});

test('when the process ends the rest is given up', async () => {
  const { log, ending, texts } = open(() => new AppError('unavailable', ''));
  log.add('stderr', 'one');
  ending.abort();
  await log.end();
  expect(texts()).toEqual([]);
});
