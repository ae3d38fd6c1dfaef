import { expect, test } from 'vitest';
import { type Fault, OTHER_FAULTS, PROMISED_FAULTS } from '../../soak/faults.ts';
import { measureRecoveries } from '../../soak/measure-recoveries.ts';
import { recoveryTable } from '../../soak/recovery-table.ts';
import type { Strike } from '../../soak/start-striking.ts';

const NOTHING = { interruptions: [], waits: [], gaps: [], failed: [] };

function strike(name: string, seconds: number, hit = ''): Strike {
  const fault = [...PROMISED_FAULTS, ...OTHER_FAULTS].find((one) => one.name === name) as Fault;
  return { fault, hit, at: seconds * 1000, brokenUntil: seconds * 1000 + fault.lastsMs };
}

test('of a killed worker only the tasks count that it held when it was struck', () => {
  const one = { container: 'w1', startedAt: 99_000, endedAt: 110_000, nextAt: 111_000 };
  const interruptions = [
    one,
    { ...one, container: 'w2' },
    { ...one, startedAt: 100_500 },
    { ...one, endedAt: 99_900, nextAt: 99_950 },
  ];
  const [recovery] = measureRecoveries({ ...NOTHING, interruptions, strikes: [strike('worker killed', 100, 'w1')] });
  expect(recovery?.samples).toEqual([11]);
});

test('a task that never ran again misses the target', () => {
  const interruptions = [{ container: 'w1', startedAt: 99_000, endedAt: 110_000, nextAt: Number.POSITIVE_INFINITY }];
  const table = recoveryTable(
    measureRecoveries({ ...NOTHING, interruptions, strikes: [strike('worker killed', 100, 'w1')] }),
  );
  expect(table).toContain('NOT MET');
});

test('a strike is clean unless a fault of another tier was struck in its time or still broken', () => {
  const strikes = [
    strike('coordinator killed', 100),
    strike('database writer killed', 104),
    strike('coordinator killed', 120),
    strike('coordinator killed', 127),
    strike('broker node killed', 140),
  ];
  const clean = measureRecoveries({ ...NOTHING, strikes }).map(({ isClean }) => isClean);
  expect(clean).toEqual([false, false, true, true, true]);
});

test('a gap in writes that spans a strike counts for it, one that is over does not', () => {
  const strikes = [strike('database writer killed', 100)];
  const gaps = [
    { at: 90_000, ms: 9_000 },
    { at: 99_900, ms: 3_600 },
  ];
  expect(measureRecoveries({ ...NOTHING, strikes, gaps })[0]?.samples).toEqual([3.6]);
});

test('the target is held against clean strikes alone', () => {
  const strikes = [strike('coordinator killed', 100), strike('coordinator killed', 120), strike('queues purged', 121)];
  const failed = [{ at: 121_000, ms: 10 }];
  const row = recoveryTable(measureRecoveries({ ...NOTHING, strikes, failed })).split('\n')[1];
  expect(row?.split(/ {2,}/)).toEqual([
    ...['coordinator killed', '2', '1', 'client requests that failed', '0', '0', '0', 'worst <= 0', 'met', '1'],
  ]);
});
