import { docker } from './docker.ts';
import type { Node } from './node.ts';
import { startCluster } from './start-cluster.ts';

const ROLES = ['coordinator', 'janitor', 'worker', 'watcher'] as const;
export type BrokerRole = (typeof ROLES)[number];

/** What `provide` can carry to the test processes: addresses, no functions. */
export type RabbitAddresses = {
  /** AMQP ports of the nodes on 127.0.0.1. */
  readonly ports: readonly number[];
  /** Password of each account. */
  readonly passwords: Readonly<Record<BrokerRole, string>>;
};

export type Rabbit = {
  readonly nodes: readonly Node[];
  readonly addresses: RabbitAddresses;
  /** Resolves when all nodes are one running cluster, as `node` (default: the first) sees it. */
  ready(node?: Node): Promise<void>;
  /** Removes everything, data too. */
  stop(): Promise<void>;
};

export type RabbitOptions = {
  readonly nodes: number;
  /** Delivery acknowledgement timeout of queues that do not set their own; default: that of the image (7 days). */
  readonly consumerTimeoutMs?: number;
  /** "100MiB": above this publishers are blocked; default: that of the image. */
  readonly memory?: string;
};

const AMQP_PORT = 5672;
const READY_SECONDS = 120;

/** A real RabbitMQ cluster in containers, with the accounts and rights of deploy/rabbitmq/users and no queue. */
export async function startRabbit(options: RabbitOptions): Promise<Rabbit> {
  const passwords = Object.fromEntries(ROLES.map((role) => [role, `test-${role}`])) as Record<BrokerRole, string>;
  const { nodes, stop } = await startCluster({
    image: 'rabbitmq',
    nodes: options.nodes,
    ports: [AMQP_PORT],
    secrets: {
      'mq-cookie': 'cookie-of-a-test-cluster',
      ...Object.fromEntries(ROLES.map((role) => [`mq-${role}`, passwords[role]])),
    },
    environment: (_name, names) => ({
      RABBIT_NODES: names,
      ...(options.consumerTimeoutMs !== undefined && { RABBIT_CONSUMER_TIMEOUT_MS: String(options.consumerTimeoutMs) }),
      ...(options.memory !== undefined && { RABBIT_MEMORY: options.memory }),
    }),
  });
  const ready = (asked: Node | undefined = nodes[0]) => untilWhole(asked, nodes.length);
  try {
    await Promise.all(nodes.map((node) => ready(node)));
    return { nodes, addresses: { ports: nodes.map(({ port }) => port), passwords }, ready, stop };
  } catch (error) {
    const logs = await Promise.all(nodes.map(({ containerId }) => docker('logs', '--tail', '30', containerId)));
    await stop();
    throw new Error(`RabbitMQ did not get ready:\n${logs.join('\n---\n')}`, { cause: error });
  }
}

/** The URL for FFMILL_AMQP_URL, with the password in it. `node`: index, default the first. */
export function rabbitUrl({ ports, passwords }: RabbitAddresses, role: BrokerRole, node = 0): string {
  return `amqp://${role}:${passwords[role]}@127.0.0.1:${ports[node]}/`;
}

async function untilWhole(node: Node | undefined, count: number): Promise<void> {
  await node?.exec('wait-for-cluster', String(count), String(READY_SECONDS));
}
