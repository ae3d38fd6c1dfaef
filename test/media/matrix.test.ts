import { afterAll, describe, expect, it } from 'vitest';
import { printTable } from './matrix/print-table.ts';
import { ROWS } from './matrix/rows.ts';
import { type RowResult, runRow } from './matrix/run-row.ts';

describe.concurrent('the media matrix', () => {
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
