import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogPage } from '../../../shared/wire/jobs.ts';
import type { ClaimedTask } from '../../../shared/wire/workers.ts';
import { TestCoordinator } from '../../support/test-coordinator.ts';

let api: TestCoordinator;
let probe: ClaimedTask;

beforeEach(async () => {
  written = 0;
  api = await TestCoordinator.start();
  const worker = await api.farm.worker('w');
  await api.submit();
  probe = await api.farm.claim(worker);
  await api.farm.heartbeat(worker, [probe]);
});
afterEach(() => api.stop());

const AT = '2026-01-01T00:00:01.000Z';

/** The attempt's count of its lines. */
let written = 0;
const send = (first: number, ...texts: string[]) =>
  api.call('POST', `/v1/attempts/${probe.token}/logs`, {
    body: { first_line: first, lines: texts.map((text) => ({ stream: 'stderr', text, at: AT })) },
  });
const write = (...texts: string[]) => {
  const first = written + 1;
  written += texts.length;
  return send(first, ...texts);
};

const page = async (query: string) => (await api.call<LogPage>('GET', `/v1/jobs/1/logs${query}`)).body;
const texts = ({ lines }: Pick<LogPage, 'lines'>) => lines.map(({ text }) => text);

test('lines are read in pages that follow each other', async () => {
  expect((await write('one', 'two')).status).toBe(204);
  await write('three');
  const first = await page('?limit=2');
  expect(first.lines[0]).toMatchObject({ task_id: probe.task_id, stream: 'stderr', text: 'one', at: AT });
  const second = await page(`?after=${first.next}&limit=2`);
  expect([texts(first), texts(second)]).toEqual([['one', 'two'], ['three']]);
  expect(await page(`?after=${second.next}`)).toEqual({ lines: [], next: second.next });
});

test('a batch that comes twice is kept once, whatever was added to it since', async () => {
  await write('one', 'two');
  expect((await send(1, 'one', 'two')).status).toBe(204);
  expect((await send(2, 'two', 'three', 'four')).status).toBe(204);
  expect(texts(await page(''))).toEqual(['one', 'two', 'three', 'four']);
});

test('two coordinators that take the same batch at once keep it once', async () => {
  await Promise.all([send(1, 'one', 'two'), send(1, 'one', 'two'), send(2, 'two', 'three')]);
  expect(texts(await page('')).toSorted()).toEqual(['one', 'three', 'two']);
});

test('a follower gets each line as it comes, and the end when the job has ended', async () => {
  await write('before');
  const response = await api.fetch('/v1/jobs/1/logs?follow=true&limit=1');
  expect(response.headers.get('content-type')).toMatch('application/x-ndjson');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let told = '';
  const until = async (text: string) => {
    while (!told.includes(text)) told += (await reader?.read())?.value ?? expect.fail(`ended before ${text}`);
  };
  await until('before');
  await write('while it runs', 'and more');
  await until('and more');
  await write('the last');
  await api.farm.fails(probe, 'input_missing', 'reject');
  for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) told += read.value;
  const lines = told.trimEnd().split('\n');
  expect(texts({ lines: lines.map((line) => JSON.parse(line)) })).toEqual([
    'before',
    'while it runs',
    'and more',
    'the last',
  ]);
});

test('a follower of a job that has ended gets the whole log, page by page, and the end', async () => {
  await write('one', 'two', 'three');
  await api.farm.fails(probe, 'input_missing', 'reject');
  const text = await (await api.fetch('/v1/jobs/1/logs?follow=true&limit=1')).text();
  expect(
    texts({
      lines: text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    }),
  ).toEqual(['one', 'two', 'three']);
});

test('lines of an attempt that nobody knows are refused', async () => {
  const body = { first_line: 1, lines: [{ stream: 'stderr', text: 'x', at: AT }] };
  expect(await api.refused('POST', '/v1/attempts/nobody/logs', { body })).toMatchObject({ code: 'not_found' });
});

test.each([
  ['after=-1', '/after'],
  ['limit=0', '/limit'],
  ['follow=yes', '/follow'],
])('?%s is refused', async (query, pointer) => {
  expect(await api.refused('GET', `/v1/jobs/1/logs?${query}`)).toMatchObject({ errors: [{ pointer }] });
});
