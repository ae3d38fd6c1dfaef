import { afterEach, beforeEach, expect, test } from 'vitest';
import { TestFarm } from '../../support/test-farm.ts';

let farm: TestFarm;

beforeEach(async () => {
  farm = await TestFarm.open();
});
afterEach(() => farm.close());

test('an input that one worker does not find is looked for by another one, which may find it', async () => {
  const blind = await farm.worker('blind');
  const other = await farm.worker('other');
  const id = await farm.submit();
  await farm.fails(await farm.claim(blind), 'input_missing', 'reject');
  expect(await farm.job(id)).toMatchObject({ state: 'running', error: null });
  expect(await farm.tryClaim(blind)).toBe(null);
  await farm.done(await farm.claim(other));
  expect(await farm.job(id)).toMatchObject({ stage: 'encode', error: null });
});

test('an input that two workers do not find is missing', async () => {
  const [one, two] = [await farm.worker('one'), await farm.worker('two')];
  const id = await farm.submit();
  await farm.fails(await farm.claim(one), 'input_missing', 'reject');
  await farm.fails(await farm.claim(two), 'input_missing', 'reject');
  expect(await farm.job(id)).toMatchObject({ state: 'failed' });
});

test('an input that the only worker does not find is missing', async () => {
  const only = await farm.worker('only');
  const id = await farm.submit();
  await farm.fails(await farm.claim(only), 'input_missing', 'reject');
  expect(await farm.job(id)).toMatchObject({ state: 'failed' });
});
