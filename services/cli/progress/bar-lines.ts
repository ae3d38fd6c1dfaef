import type { TaskView } from '../../../shared/wire/jobs.ts';
import type { Sight } from '../client/follow-job.ts';
import type { Terminal } from '../output.ts';
import { clockTime, counted, percent } from '../print/amounts.ts';
import { taskName } from '../print/task-name.ts';

type Row = {
  readonly label: string;
  readonly progress: number;
  readonly fps: number | null;
  readonly speed: number | null;
  readonly etaSeconds: number | null;
  readonly remark: string;
};

const RUNNING = ['assigned', 'running', 'committing', 'canceling'];
const GREEN = '\x1b[32m';
const PLAIN = '\x1b[0m';
/** Shorter bars say nothing: then the figures stand alone. */
const SHORTEST_BAR = 8;
const LONGEST_BAR = 40;

/** The whole job and each running task as bars with figures, no line wider and no more lines than the terminal. */
export function barLines(sight: Sight, terminal: Omit<Terminal, 'write'>): string[] {
  const { columns, rows } = terminal.size();
  const running = sight.tasks.filter(({ state }) => RUNNING.includes(state)).map(taskRow);
  const shown = [jobRow(sight), ...running].slice(0, Math.max(1, rows - 2));
  const labelWidth = Math.max(...shown.map(({ label }) => label.length));
  const remarkWidth = Math.max(...shown.map(({ remark }) => remark.length));
  const lines = shown.map((row) => barLine(row, { ...terminal, columns, labelWidth, remarkWidth }));
  const hidden = running.length + 1 - shown.length;
  return hidden > 0 ? [...lines, `  and ${counted(hidden, 'more task')}`.slice(0, columns - 1)] : lines;
}

function jobRow({ job, tasks }: Sight): Row {
  const segments = tasks.filter(({ kind }) => kind === 'segment');
  const done = segments.filter(({ state }) => state === 'completed').length;
  return {
    label: `job ${job.number}`,
    progress: job.progress,
    fps: job.stats.fps,
    speed: job.stats.speed,
    etaSeconds: job.eta_seconds,
    remark: job.state === 'canceling' ? 'canceling' : segments.length > 0 ? `${done}/${segments.length} segments` : '',
  };
}

function taskRow(task: TaskView): Row {
  const { progress, fps, speed, expected_seconds: expected } = task;
  const etaSeconds = expected !== null && speed ? (expected * (1 - progress)) / speed : null;
  return { label: `  ${taskName(task)}`, progress, fps, speed, etaSeconds, remark: '' };
}

type Look = Pick<Terminal, 'colors' | 'unicode'> & { columns: number; labelWidth: number; remarkWidth: number };

function barLine(row: Row, look: Look): string {
  const label = row.label.padEnd(look.labelWidth);
  const figures = [
    percent(row.progress).padStart(5),
    (row.fps ? `${row.fps.toFixed(0)} fps` : '').padStart(8),
    (row.speed ? `${row.speed.toFixed(2)}x` : '').padStart(7),
    (row.etaSeconds === null ? '' : `ETA ${clockTime(row.etaSeconds)}`).padStart(9),
    row.remark.padEnd(look.remarkWidth),
  ].join(' ');
  const room = look.columns - 1 - label.length - figures.length - 4;
  if (room < SHORTEST_BAR) return `${label} ${figures}`.slice(0, look.columns - 1).trimEnd();
  return `${label}  ${bar(row.progress, Math.min(LONGEST_BAR, room), look)}  ${figures}`.trimEnd();
}

function bar(progress: number, width: number, { colors, unicode }: Pick<Look, 'colors' | 'unicode'>): string {
  const filled = Math.floor(Math.min(1, Math.max(0, progress)) * width);
  const done = (unicode ? '█' : '#').repeat(filled);
  const left = (unicode ? '░' : '-').repeat(width - filled);
  return colors ? `${GREEN}${done}${PLAIN}${left}` : `${done}${left}`;
}
