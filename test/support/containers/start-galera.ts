import { eventually } from '../eventually.ts';
import { docker } from './docker.ts';
import type { Node } from './node.ts';
import { type ClusterNode, startCluster } from './start-cluster.ts';

const ROLES = ['coordinator', 'janitor', 'migration', 'monitor'] as const;
export type DatabaseRole = (typeof ROLES)[number];

/** What `provide` can carry to the test processes: addresses, no functions. */
export type GaleraAddresses = {
  /** Ports of the nodes on 127.0.0.1. */
  readonly ports: readonly number[];
  /** Password of each account. */
  readonly passwords: Readonly<Record<DatabaseRole, string>>;
};

export type Galera = {
  readonly nodes: readonly Node[];
  readonly addresses: GaleraAddresses;
  /** Resolves when each of these nodes (default: all) is synced and takes writes. */
  ready(nodes?: readonly Node[]): Promise<void>;
  /** Removes everything, data too. */
  stop(): Promise<void>;
};

const MYSQL_PORT = 3306;
const STATUS_PORT = 9200;
/** Three nodes on a busy machine: 15 s. */
const READY_MS = 120_000;

/** A real Galera cluster in containers, with the database `ffmill` empty and the accounts of deploy/galera/users.sql. */
export async function startGalera(options: { readonly nodes: number }): Promise<Galera> {
  const passwords = passwordsOf(ROLES);
  const { nodes, stop } = await startCluster({
    image: 'galera',
    nodes: options.nodes,
    ports: [MYSQL_PORT, STATUS_PORT],
    secrets: Object.fromEntries(ROLES.map((role) => [`db-${role}`, passwords[role]])),
    environment: (name, names) => ({ GALERA_NODE: name, GALERA_NODES: names }),
  });
  const ready = (asked: readonly Node[] = nodes) => untilSynced(nodes.filter((node) => asked.includes(node)));
  const galera: Galera = { nodes, addresses: { ports: nodes.map(({ port }) => port), passwords }, ready, stop };
  try {
    await ready();
    return galera;
  } catch (error) {
    const logs = await Promise.all(nodes.map(({ containerId }) => docker('logs', '--tail', '30', containerId)));
    await stop();
    throw new Error(`Galera did not get ready:\n${logs.join('\n---\n')}`, { cause: error });
  }
}

/** The URL for FFMILL_DATABASE, with the password in it. `node`: index, default the first. */
export function galeraUrl({ ports, passwords }: GaleraAddresses, role: DatabaseRole, node = 0): string {
  return `mariadb://${role}:${passwords[role]}@127.0.0.1:${ports[node]}/ffmill`;
}

async function untilSynced(nodes: readonly ClusterNode[]): Promise<void> {
  await Promise.all(nodes.map((node) => eventually(() => checkStatus(node), READY_MS)));
}

async function checkStatus({ name, ports }: ClusterNode): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports[1]}/`, { signal: AbortSignal.timeout(2_000) });
  if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
}

function passwordsOf<Role extends string>(roles: readonly Role[]): Record<Role, string> {
  return Object.fromEntries(roles.map((role) => [role, `test-${role}`])) as Record<Role, string>;
}
