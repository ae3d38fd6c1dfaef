import { ensureDocker } from '../../../scripts/setup/ensure-docker.mjs';
import { ensureImages } from '../../../scripts/setup/ensure-images.mjs';
import { removeLeftovers } from './remove-leftovers.ts';

/** What has to be there before a container can start: a daemon, the image, and no remains of killed runs. */
export async function prepare(image: Parameters<typeof ensureImages>[0][number]): Promise<void> {
  process.env.TESTCONTAINERS_RYUK_DISABLED = 'true'; // the library reads it when the first container starts
  await ensureDocker({ keep: false });
  ensureImages([image]);
  await removeLeftovers();
}
