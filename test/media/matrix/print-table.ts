import type { RowResult } from './run-row.ts';

const COLUMNS: readonly (readonly [string, (row: RowResult) => string])[] = [
  ['source', ({ name }) => name],
  ['split', ({ cut }) => (typeof cut === 'number' ? `${cut} segments` : `whole: ${cut}`)],
  ['frames', ({ frames, sourceFrames }) => (frames === sourceFrames ? `${frames}` : `${frames} of ${sourceFrames}`)],
  ['framemd5', ({ equal }) => (equal ? 'equal' : 'DIFFERENT')],
  ['sync', ({ syncSeconds }) => (syncSeconds === null ? '-' : `${(syncSeconds * 1000).toFixed(1)} ms`)],
  ['kept', ({ kept }) => shortList(kept)],
  ['seams', ({ seams }) => seamWords(seams)],
  ['', ({ problems }) => (problems.length === 0 ? 'ok' : 'NOT AS EXPECTED')],
];

/** The rows as a table for people, a line each. */
export function printTable(rows: readonly RowResult[]): string {
  const cells = [COLUMNS.map(([title]) => title), ...rows.map((row) => COLUMNS.map(([, cell]) => cell(row)))];
  const widths = COLUMNS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  const lines = cells.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const bad = rows.filter(({ problems }) => problems.length > 0).length;
  return [...lines, `${rows.length} rows, ${bad} not as expected`].join('\n');
}

/** `video audio×2 text title`. */
function shortList(names: readonly string[]): string {
  const short = names.map((name) => SHORT[name] ?? name);
  const counts = new Map(short.map((name) => [name, short.filter((other) => other === name).length]));
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name}×${count}`)).join(' ');
}

const SHORT: Readonly<Record<string, string>> = {
  color_range: 'color',
  color_space: 'color',
  color_transfer: 'color',
  color_primaries: 'color',
  'Mastering display metadata': 'mastering',
  'Content light level metadata': 'MaxCLL',
};

function seamWords(seams: RowResult['seams']): string {
  if (seams === null) return '-';
  const { sizeCost, atSeams, uncut } = seams;
  const size = sizeCost === null ? '' : `, size ${sizeCost < 0 ? '' : '+'}${(sizeCost * 100).toFixed(2)} %`;
  return `SSIM ≥ ${atSeams.toFixed(3)}, uncut ${uncut.toFixed(3)}${size}`;
}
