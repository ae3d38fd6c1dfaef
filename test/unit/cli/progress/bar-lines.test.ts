import { describe, expect, test } from 'vitest';
import { barLines } from '../../../../services/cli/progress/bar-lines.ts';
import { jobView, taskView } from '../../../support/job-views.ts';

const look = (columns: number, rows = 24) => ({ colors: false, unicode: false, size: () => ({ columns, rows }) });

describe('barLines', () => {
  const tasks = [
    taskView({ ordinal: 0, state: 'completed', progress: 1 }),
    taskView({ ordinal: 1 }),
    taskView({ ordinal: 2, state: 'pending' }),
  ];
  const sight = { job: jobView(), tasks };

  test('shows the whole job and each running task with its figures', () => {
    expect(barLines(sight, look(80))).toEqual([
      'job 3        #########----------   50 %   60 fps   2.00x  ETA 0:30 1/3 segments',
      '  segment 2  #########----------   50 %   30 fps   1.00x  ETA 0:10',
    ]);
  });

  test.each([200, 80, 60, 40, 20, 5])('no line is wider than a terminal of %d columns', (columns) => {
    for (const line of barLines(sight, look(columns))) expect(line.length).toBeLessThan(columns);
  });

  test('leaves out tasks for which the terminal has no rows, and says so', () => {
    const many = { job: jobView(), tasks: Array.from({ length: 10 }, (_, ordinal) => taskView({ ordinal })) };
    const lines = barLines(many, look(80, 6));
    expect(lines).toHaveLength(5);
    expect(lines.at(-1)).toBe('  and 7 more tasks');
  });

  test('colours only when they are wanted', () => {
    expect(barLines(sight, { ...look(80), colors: true }).join('')).toContain('\x1b[32m');
    expect(barLines(sight, look(80)).join('')).not.toContain('\x1b');
  });
});
