import type { WorkerId } from '../../../shared/job/ids.ts';
import type { ClaimAnswer, ClaimBody } from '../../../shared/wire/workers.ts';

/** `signal` is aborted when the client has gone. */
export type Claim = { readonly workerId: WorkerId; readonly body: ClaimBody; readonly signal: AbortSignal };

/** One claim that waits for a task. */
export type Waiter = {
  readonly claim: Claim;
  readonly answer: Promise<ClaimAnswer>;
  /** Looks once more on the claim's behalf; whether that brought a task. */
  tryToClaim(): Promise<boolean>;
  /** Answers that there is none: at once, or when the look under way has found nothing. */
  giveUp(): void;
};

/** Whether an answer is a task, rather than none or the advice to ask again. */
export function isTask(answer: ClaimAnswer): boolean {
  return 'task' in answer && answer.task !== null;
}

type Waiting = {
  readonly waitMs: number;
  look(claim: Claim): Promise<ClaimAnswer>;
  onEnd(waiter: Waiter): void;
};

/** A race lost this often in a row is left to the next round. */
const LOOKS = 3;

/**
 * Waits until a look brings a task, the time is up or the client has gone. An end that comes during a look waits for
 * it: the task it may bring is this claim's and must not be dropped.
 */
export function createWaiter(claim: Claim, { waitMs, look, onEnd }: Waiting): Waiter {
  const { promise, resolve, reject } = Promise.withResolvers<ClaimAnswer>();
  let looking = false;
  let over = false;

  function end(settle: () => void): void {
    clearTimeout(timer);
    claim.signal.removeEventListener('abort', giveUp);
    onEnd(waiter);
    settle();
  }

  function giveUp(): void {
    over = true;
    if (!looking) end(() => resolve({ task: null }));
  }

  async function lookAgain(): Promise<ClaimAnswer> {
    let answer = await look(claim);
    for (let looks = 1; 'again' in answer && looks < LOOKS && !over; looks++) answer = await look(claim);
    return answer;
  }

  async function tryToClaim(): Promise<boolean> {
    if (over) return false;
    looking = true;
    try {
      const answer = await lookAgain();
      looking = false;
      const found = isTask(answer);
      if (found) end(() => resolve(answer));
      else if (over) giveUp();
      return found;
    } catch (error) {
      looking = false;
      end(() => reject(error));
      return false;
    }
  }

  const waiter: Waiter = { claim, answer: promise, tryToClaim, giveUp };
  const timer = setTimeout(giveUp, waitMs);
  claim.signal.addEventListener('abort', giveUp);
  if (claim.signal.aborted) giveUp();
  return waiter;
}
