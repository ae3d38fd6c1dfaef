import { atMost } from '../../shared/runtime/at-most.ts';
import type { InFlight } from '../../shared/runtime/in-flight.ts';
import type { HeldAttempts } from './held-attempts.ts';
import type { Sweeper } from './sweeper.ts';

type Leaving = {
  readonly held: HeldAttempts;
  /** FFmpeg at work. */
  readonly executions: InFlight;
  /** Attempts, from their claim to the answer to their report. */
  readonly attempts: InFlight;
  readonly logs: InFlight;
  readonly sweeper: Sweeper;
  readonly farewellMs: number;
  stopClaiming(): Promise<void>;
};

/**
 * The orderly end of a worker:
 *
 *   no more claims ─► running attempts end ─► FFmpeg is gone ─► reports answered, files swept
 *                          ▲
 *                  hurry: they are broken off and given back at once, uncounted
 *
 * Until the attempts have ended there is no bound but the caller's hurry. From then on nothing waits longer than
 * `farewellMs` for a coordinator: what is unsaid stays in the journal and is said by the next life.
 */
export async function leaveFarm(leaving: Leaving, hurry: AbortSignal): Promise<void> {
  const { attempts, executions, sweeper, logs, farewellMs } = leaving;
  const claimsStopped = atMost(leaving.stopClaiming(), farewellMs);
  if (!hurry.aborted) await claimsStopped;
  await settledOrAborted(attempts, hurry);
  breakOff(leaving.held);
  await claimsStopped;
  breakOff(leaving.held); // a task may have arrived with the last claim
  await executions.settled();
  await atMost(
    attempts
      .settled()
      .then(sweeper.stop)
      .then(() => logs.settled()),
    farewellMs,
  );
}

function breakOff(held: HeldAttempts): void {
  for (const attempt of held.all()) attempt.end('shutdown');
}

async function settledOrAborted(work: InFlight, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([work.settled(), aborted]);
}
