import { AppError } from '../../errors.ts';
import { SOFTWARE_ENCODERS } from '../../job/codecs.ts';
import { pathVariableOf } from '../../job/path-variable.ts';
import { planEncode } from '../../job/plan/plan-encode.ts';
import type { Plan } from '../../job/plan/planned-task.ts';
import { candidatesFor } from '../../job/plan/resolve-encoder.ts';
import { scratchOf, targetOf } from '../../job/plan/target-of.ts';
import { isHardware, poolOfEncoders } from '../../job/pools.ts';
import { type Fleet, loadFleet } from '../queries/load-fleet.ts';
import { type JobRow, plannedAgainOf, probeOf, requestOf } from '../rows.ts';
import type { Db } from '../store.ts';

/** The farm as far as it is of use to a job: what only workers without its storage can encode is not. */
export function fleetForJob(db: Db, job: JobRow): Promise<Fleet> {
  return loadFleet(db, pathsOfJob(job));
}

/** The path variables that a job names. */
export function pathsOfJob(job: JobRow): string[] {
  const { input, output } = requestOf(job);
  return [input, output, scratchOf(job.id)].map(pathVariableOf);
}

/**
 * The plan of a probed job. Workers that are there decide; where none of them has an encoder, those that may come back
 * do. `mismatch`: why a join failed before.
 *
 * @throws AppError as `planEncode`
 */
export function planJob(job: JobRow, fleet: Fleet, mismatch?: string): Plan {
  const probe = probeOf(job);
  if (probe === null) throw new AppError('internal', `job ${job.id} has no probe to plan from`);
  const request = requestOf(job);
  const softwareOnly = plannedAgainOf(job)?.software === true;
  const planWith = (provedEncoders: readonly string[]) =>
    planEncode({
      jobId: job.id,
      request: softwareOnly ? { ...request, encode: { ...request.encode, hardware: 'never' } } : request,
      ...{ probe, provedEncoders, slots: fleet.slots, hardwareSlots: fleet.hardwareSlots },
      whole:
        job.whole === 1 ? ['the joined segments were not what was planned', mismatch].filter(Boolean).join(': ') : null,
      target: targetOf(job.id, request),
      scratch: scratchOf(job.id),
    });
  // While somebody is still proving, no software can be ruled out; hardware there is only where it was proved.
  const hoped = fleet.proving ? SOFTWARE_ENCODERS : [];
  try {
    return planWith([...fleet.present.encoders, ...hoped]);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'no_encoder') throw error;
    return planWith([...fleet.encoders, ...hoped]);
  }
}

/**
 * The plan of a job that was probed just now; null while it should wait: it wants hardware first, would get none, and
 * workers are still testing theirs.
 *
 * @throws AppError as `planEncode`
 */
export function planUnlessTested(job: JobRow, fleet: Fleet): Plan | null {
  const { encode } = requestOf(job);
  const { video_codec: codec } = encode;
  const waits = codec !== 'copy' && codec !== 'none' && isHardware(candidatesFor(codec, encode)[0] ?? '');
  if (!waits || !fleet.present.provingHardware) return planJob(job, fleet);
  try {
    const plan = planJob(job, fleet);
    return plan.tasks.some(({ encoders }) => poolOfEncoders(encoders) !== 'cpu') ? plan : null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'no_encoder') return null;
    throw error;
  }
}

/** Whether `planUnlessTested` has a job wait: one whose probe is done. */
export function waitsForTests(job: JobRow, fleet: Fleet): boolean {
  if (job.state === 'canceling' || job.stage !== 'probe') return false;
  try {
    return planUnlessTested(job, fleet) === null;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
