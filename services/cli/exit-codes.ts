import type { JobState } from '../../shared/job/transitions.ts';

/** How the command line ends; `ffmill help` lists them. */
export const EXIT = {
  /** The job is completed, or the question is answered. */
  done: 0,
  /** The job failed, or what was asked could not be done. */
  failed: 1,
  /** The command line, or the request it stands for, is not valid. */
  usage: 2,
  /** The job was canceled, or the command interrupted. */
  canceled: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a command that waited for a job. */
export function exitCodeOf(state: JobState): ExitCode {
  if (state === 'completed') return EXIT.done;
  return state === 'canceled' ? EXIT.canceled : EXIT.failed;
}
