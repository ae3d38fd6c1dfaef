import { isFinalJobState } from '../../../shared/job/transitions.ts';
import type { Sight } from '../client/follow-job.ts';
import type { Output } from '../output.ts';
import { clockTime, percent } from '../print/amounts.ts';
import { barLines } from './bar-lines.ts';
import { changesBetween, troublesBetween } from './job-news.ts';
import { createLiveScreen } from './live-screen.ts';

/** Shows how a job goes: bars on a terminal, lines elsewhere, nothing with `--json`. */
export type JobDisplay = {
  show(sight: Sight): void;
  /** A remark on what the command itself does. */
  say(text: string): void;
  close(): void;
};

const BETWEEN_LINES_MS = 5000;

export function createJobDisplay(output: Output): JobDisplay {
  const { terminal } = output;
  if (terminal === null) return lineDisplay(output);
  const screen = createLiveScreen(terminal);
  let before: Sight | undefined;
  return {
    show(sight) {
      for (const trouble of troublesBetween(before, sight)) screen.say(trouble);
      screen.show(barLines(sight, terminal));
      before = sight;
    },
    say: screen.say,
    close: screen.close,
  };
}

function lineDisplay(output: Output): JobDisplay {
  let before: Sight | undefined;
  let lastLine = performance.now();
  return {
    show(sight) {
      for (const news of [...changesBetween(before, sight), ...troublesBetween(before, sight)]) output.say(news);
      before = sight;
      if (isFinalJobState(sight.job.state) || performance.now() < lastLine + BETWEEN_LINES_MS) return;
      lastLine = performance.now();
      output.say(progressLine(sight));
    },
    say: output.note,
    close() {},
  };
}

function progressLine({ job }: Sight): string {
  const { fps, speed } = job.stats;
  return [
    percent(job.progress),
    ...(!fps ? [] : [`${fps.toFixed(0)} fps`]),
    ...(!speed ? [] : [`${speed.toFixed(2)}x`]),
    ...(job.eta_seconds === null ? [] : [`ETA ${clockTime(job.eta_seconds)}`]),
  ].join(', ');
}
