import { docker } from './docker.ts';
import { isOwnerAlive, OWNER_LABEL } from './owner.ts';

/** Removes the containers and networks of test runs that were killed before they could do it themselves. */
export async function removeLeftovers(): Promise<void> {
  const format = `{{.ID}} {{.Label "${OWNER_LABEL}"}}`;
  const filter = `label=${OWNER_LABEL}`;
  const containers = await orphans('ps', '--all', '--filter', filter, '--format', format);
  if (containers.length > 0) await docker('rm', '--force', '--volumes', ...containers).catch(goneAlready);
  const networks = await orphans('network', 'ls', '--filter', filter, '--format', format);
  if (networks.length > 0) await docker('network', 'rm', ...networks).catch(goneAlready);
}

async function orphans(...list: string[]): Promise<string[]> {
  const lines = (await docker(...list)).split('\n').filter((line) => line !== '');
  return lines.flatMap((line) => {
    const [id, label] = line.split(' ');
    return id === undefined || label === undefined || isOwnerAlive(label) ? [] : [id];
  });
}

/** Two test processes that start together clean up the same leftovers. */
const goneAlready = (): void => undefined;
