import { ensureBaseImage } from './docker/base-image.mjs';
import { ensureDaemon } from './docker/daemon.mjs';
import { ensureCompose } from './docker/ensure-compose.mjs';
import { installPackages } from './docker/install-packages.mjs';
import { ask } from './docker/run.mjs';

/**
 * Sees to it that containers can be built and run here: a Docker client and daemon, `docker compose`, and the base
 * image of our own. Installs and starts what is missing as root; says what is missing otherwise. Quick when all is there.
 * @param {{ keep: boolean }} options `keep`: a daemon that had to be started stays when we end
 */
export async function ensureDocker({ keep }) {
  const hasClient = ask('docker', ['--version']) !== undefined;
  const hasDaemon =
    ask('sh', ['-c', 'command -v dockerd || test -S "${DOCKER_HOST:-/var/run/docker.sock}"']) !== undefined;
  if (!hasClient || (!hasDaemon && !process.env.DOCKER_HOST))
    installPackages([['docker.io'], ['docker-cli']], 'Docker');
  await ensureDaemon({ keep });
  ensureCompose();
  ensureBaseImage();
}
