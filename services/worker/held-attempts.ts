import type { AttemptId, TaskId } from '../../shared/job/ids.ts';
import type { HeartbeatBody } from '../../shared/wire/workers.ts';

/** Why an attempt is broken off. */
export type EndReason = 'canceled' | 'lost' | 'shutdown' | 'storage';

export type Progress = { readonly progress: number; readonly fps: number | null; readonly speed: number | null };

/** An attempt whose lease this worker renews: from the claim until its report has a definite answer. */
export type HeldAttempt = {
  readonly id: AttemptId;
  /** Aborted with an `EndReason` while the work can still be broken off. */
  readonly working: AbortSignal;
  /** Aborted when somebody else was given the task, even when it is too late to break off. */
  readonly lost: AbortSignal;
  /** What was asked last: noted even when it came too late to break off. */
  readonly asked: EndReason | undefined;
  setProgress(progress: Progress): void;
  /**
   * The work is done. From here on the answers to commit and report alone decide: a `cancel` or `lost` that crosses them
   * may be the echo of this attempt's own success, and acting on it would destroy the file that was just accepted.
   */
  finish(): void;
  end(reason: EndReason): void;
  /** The report is answered: the lease is no longer renewed. */
  drop(): void;
};

export type HeldAttempts = {
  add(claimed: { token: AttemptId; task_id: TaskId; attempt: number }): HeldAttempt;
  find(id: string): HeldAttempt | undefined;
  all(): readonly HeldAttempt[];
  /** What a heartbeat lists. */
  describe(): HeartbeatBody['tasks'];
};

export function createHeldAttempts(): HeldAttempts {
  const held = new Map<string, HeldAttempt & { describe(): HeartbeatBody['tasks'][number] }>();
  return {
    add(claimed) {
      const attempt = hold(claimed, () => held.delete(claimed.token));
      held.set(claimed.token, attempt);
      return attempt;
    },
    find: (id) => held.get(id),
    all: () => [...held.values()],
    describe: () => [...held.values()].map((attempt) => attempt.describe()),
  };
}

function hold({ token, task_id, attempt }: Parameters<HeldAttempts['add']>[0], drop: () => void) {
  const working = new AbortController();
  const lost = new AbortController();
  let progress: Progress = { progress: 0, fps: null, speed: null };
  let asked: EndReason | undefined;
  let finished = false;
  return {
    id: token,
    working: working.signal,
    lost: lost.signal,
    get asked() {
      return asked;
    },
    setProgress(now: Progress) {
      progress = { ...now, progress: Math.min(1, Math.max(0, now.progress)) };
    },
    finish() {
      finished = true;
    },
    end(reason: EndReason) {
      asked = reason;
      if (reason === 'lost') lost.abort(reason);
      if (!finished) working.abort(reason);
    },
    drop,
    describe: () => ({ task_id, attempt, token, ...progress }),
  };
}
