/**
 * The states of tasks and jobs, and every way from one to another. The guards of the SQL statements derive from these
 * tables (`statesBefore`), and the diagram in ARCHITECTURE.md is checked against them.
 *
 *   blocked ─► pending ─► assigned ─► running ─────────────► completed ─► pending (an intermediate file was lost)
 *                 ▲           │          │  └─► committing ─►    ▲
 *                 └───────────┴──────────┘         │             │
 *                  retry, interruption             └─────────────┘ the file was seen under its name
 *
 *   anything before committing ─► canceling ─► canceled       a failure for good ─► failed
 *
 * pending ─► running: an expired lease makes a task claimable but does not end the attempt. Until the next claim is
 * written the last token may take the task back, and then go on as if nothing had happened.
 * running ─► blocked: the assemble task, when it found an intermediate file lost, waits for that to be made again.
 * committing ─► pending: only a settler that looked twice and found neither the part nor the file.
 * committing ─► failed: only when the name is taken by a file that is not the winner's and may not be replaced.
 */
export const TASK_TRANSITIONS = {
  blocked: ['pending', 'canceled'],
  pending: ['assigned', 'running', 'canceled', 'failed'],
  assigned: ['running', 'pending', 'canceling', 'failed'],
  running: ['committing', 'completed', 'pending', 'blocked', 'canceling', 'failed'],
  committing: ['completed', 'pending', 'failed'],
  canceling: ['canceled'],
  completed: ['pending'],
  failed: [],
  canceled: [],
} as const satisfies Record<string, readonly string[]>;

export type TaskState = keyof typeof TASK_TRANSITIONS;
export const TASK_STATES = Object.keys(TASK_TRANSITIONS) as [TaskState, ...TaskState[]];

/** A job is `assigned` once a task was claimed, `running` once one ran, and never goes back. */
export const JOB_TRANSITIONS = {
  pending: ['assigned', 'running', 'failed', 'canceling', 'canceled'],
  assigned: ['running', 'failed', 'canceling', 'canceled'],
  running: ['completed', 'failed', 'canceling', 'canceled'],
  canceling: ['canceled'],
  completed: [],
  failed: [],
  canceled: [],
} as const satisfies Record<string, readonly string[]>;

export type JobState = keyof typeof JOB_TRANSITIONS;
export const JOB_STATES = Object.keys(JOB_TRANSITIONS) as [JobState, ...JobState[]];

/** The states from which `target` may be entered. */
export function taskStatesBefore(target: TaskState): TaskState[] {
  return statesBefore(TASK_TRANSITIONS, target);
}

/** The states from which `target` may be entered. */
export function jobStatesBefore(target: JobState): JobState[] {
  return statesBefore(JOB_TRANSITIONS, target);
}

function statesBefore<State extends string>(table: Record<State, readonly string[]>, target: State): State[] {
  return (Object.keys(table) as State[]).filter((from) => table[from].includes(target));
}

/** States in which an attempt holds the task under a lease. */
export const HELD_TASK_STATES = ['assigned', 'running', 'committing', 'canceling'] as const satisfies TaskState[];

/** States that a task does not leave (a completed one only when its file was lost before its job ended). */
export const FINAL_TASK_STATES = ['completed', 'failed', 'canceled'] as const satisfies TaskState[];

/** States that a job does not leave. */
export const FINAL_JOB_STATES = ['completed', 'failed', 'canceled'] as const satisfies JobState[];

/** Whether a job in this state has ended for good. */
export function isFinalJobState(state: JobState): boolean {
  return (FINAL_JOB_STATES as readonly JobState[]).includes(state);
}
