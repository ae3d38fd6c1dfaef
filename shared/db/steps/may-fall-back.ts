import { candidatesFor } from '../../job/plan/resolve-encoder.ts';
import { isHardware } from '../../job/pools.ts';
import { type JobRow, plannedAgainOf, requestOf } from '../rows.ts';
import type { Tx } from '../store.ts';
import { fleetForJob } from './plan-job.ts';

/**
 * Whether a job whose hardware encoder failed may be made in software: once, unless the request insists on hardware, and
 * only where somebody has proved a software encoder.
 */
export async function mayFallBack(tx: Tx, job: JobRow): Promise<boolean> {
  const { encode } = requestOf(job);
  const { video_codec: codec } = encode;
  if (codec === 'copy' || codec === 'none' || plannedAgainOf(job)?.software) return false;
  const { present } = await fleetForJob(tx.db, job);
  return candidatesFor(codec, encode).some((name) => !isHardware(name) && present.encoders.includes(name));
}
