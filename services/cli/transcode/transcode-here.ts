import { join } from 'node:path';
import { failureOf } from '../../../shared/errors.ts';
import type { JobRequestInput, JobView } from '../../../shared/wire/jobs.ts';
import { createClient } from '../client.ts';
import type { CommandContext } from '../command.ts';
import { startFarm } from '../embedded-farm.ts';
import { stateFolder } from '../state-folder.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { runJob } from './run-job.ts';
import { submitOrResume } from './submit-or-resume.ts';
import { workName } from './work-name.ts';

/**
 * Transcodes on a farm that is started for this one job. It lives in a folder named after the command line, so that the
 * same command line finds the finished segments again after a crash; once the job has ended, however, it is removed.
 */
export async function transcodeHere(
  context: CommandContext,
  request: JobRequestInput,
  slots: number | undefined,
): Promise<JobView> {
  const { env, folder, output } = context;
  const state = stateFolder(env, folder);
  const transcodes = join(state, 'transcode');
  const name = workName(request);
  const cleaning = removeLeftovers(transcodes, Date.now());
  const farm = await startFarm(env, {
    ...{ dataDir: join(transcodes, name), port: 0, slots, logLevel: 'silent' },
    capabilitiesFile: join(state, 'capabilities.json'),
  });
  let afterwards: 'keep' | 'remove' = 'keep';
  try {
    const client = createClient({ url: farm.url, hint: '', signal: farm.failed });
    const job = await runJob(context, client, () => submitOrResume(client, request, name, output.say));
    afterwards = 'remove';
    return job;
  } catch (error) {
    // Refused: there is no job to go on with.
    if (!farm.failed.aborted && failureOf(error).fault === 'request') afterwards = 'remove';
    throw error;
  } finally {
    await farm.stop({ state: afterwards });
    await cleaning;
  }
}
