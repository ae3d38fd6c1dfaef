import { randomUUID } from 'node:crypto';
import type { WaitStrategy } from 'testcontainers';
import { docker } from './docker.ts';
import { freePorts } from './free-ports.ts';
import { LocalContainer } from './local-container.ts';
import { type Node, nodeOf } from './node.ts';
import { OWNER_LABEL, owner } from './owner.ts';
import { prepare } from './prepare.ts';

type ClusterPlan = {
  readonly image: 'galera' | 'rabbitmq';
  readonly nodes: number;
  /** Container ports to publish; the first is the service. */
  readonly ports: readonly number[];
  /** Files in /run/secrets. */
  readonly secrets: Readonly<Record<string, string>>;
  environment(name: string, allNames: string): Record<string, string>;
};

/** A cluster is ready as a whole: its nodes wait for one another. */
const AT_ONCE: WaitStrategy = {
  waitUntilReady: async () => {},
  withStartupTimeout: () => AT_ONCE,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/** A node, and where its other ports are published, in the order of the plan. */
export type ClusterNode = Node & { readonly ports: readonly number[] };

/** Containers on a network of their own, named <image>-1 and so on. Resolves when they run, not when they are ready. */
export async function startCluster(
  plan: ClusterPlan,
): Promise<{ readonly nodes: readonly ClusterNode[]; stop(): Promise<void> }> {
  await prepare(plan.image);
  const network = `ffmill-test-${randomUUID()}`;
  await docker('network', 'create', '--label', `${OWNER_LABEL}=${owner()}`, network);
  const names = Array.from({ length: plan.nodes }, (_, index) => `${plan.image}-${index + 1}`);
  const nodes: ClusterNode[] = [];
  const stop = async () => {
    if (nodes.length > 0) await docker('rm', '--force', '--volumes', ...nodes.map((node) => node.containerId));
    await docker('network', 'rm', network);
  };
  try {
    const started = await Promise.allSettled(
      names.map(async (name) => nodes.push(await startNode(plan, name, names.join(), network))),
    );
    const failed = started.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } catch (error) {
    await stop();
    throw error;
  }
  nodes.sort((a, b) => a.name.localeCompare(b.name));
  return { nodes, stop };
}

async function startNode(plan: ClusterPlan, name: string, names: string, network: string): Promise<ClusterNode> {
  const ports = await freePorts(plan.ports.length);
  const secrets = Object.entries(plan.secrets).map(([file, content]) => ({ content, target: `/run/secrets/${file}` }));
  const container = await new LocalContainer(
    `ffmill/${plan.image}`,
    Object.fromEntries(plan.ports.map((inside, index) => [inside, ports[index] ?? 0])),
  )
    .named(name, network)
    .withEnvironment(plan.environment(name, names))
    .withCopyContentToContainer(secrets)
    .withWaitStrategy(AT_ONCE)
    .start();
  return { ...nodeOf(name, container.getId(), ports[0] ?? 0), ports };
}
