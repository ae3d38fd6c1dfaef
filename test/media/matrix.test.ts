import { afterAll, describe, expect, it } from 'vitest';
import { printTable } from './matrix/print-table.ts';
import { ROWS } from './matrix/rows.ts';
import { type RowResult, runRow } from './matrix/run-row.ts';

/** Two hours of pictures, looked at five times, take a minute of two cores that have nothing else to do. */
const TIMEOUT_MS = 600_000;

describe.concurrent('the media matrix', { timeout: TIMEOUT_MS }, () => {
  const results = new Map<string, RowResult>();
  afterAll(() => {
    console.log(printTable(ROWS.flatMap(({ name }) => results.get(name) ?? [])));
  });

  it.for(ROWS)('$name', async (row) => {
    const result = await runRow(row);
    results.set(row.name, result);
    expect(result.problems).toEqual([]);
  });
});
