import { failure } from '../../shared/errors.ts';
import type { AttemptId } from '../../shared/job/ids.ts';
import { reportBody } from '../../shared/wire/workers.ts';
import type { Coordinator } from './uplink/coordinator.ts';

const NOT_TAKEN = reportBody.parse({
  outcome: 'interrupted',
  counted: false,
  error: failure('shutdown', 'the worker takes no more tasks'),
});

/**
 * Gives back a claim whose answer nobody waits for any more. If it was granted, the task is free again at once instead
 * of when the lease runs out; if not, the attempt is unknown and nothing happens. One try: the lease is the remedy.
 */
export async function giveBackClaim(
  coordinator: Pick<Coordinator, 'report'>,
  claim: AttemptId,
  timeoutMs: number,
): Promise<void> {
  await coordinator.report(claim, NOT_TAKEN, AbortSignal.timeout(timeoutMs)).catch(() => undefined);
}
