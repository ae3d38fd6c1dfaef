import { docker } from './docker.ts';

/** One container of a cluster, and what a test may do to it. */
export type Node = {
  readonly name: string;
  readonly containerId: string;
  /** Its service on 127.0.0.1; the same after `start`. */
  readonly port: number;
  /** SIGKILL to the whole container, as a power cut. The data stays. */
  kill(): Promise<void>;
  /** SIGTERM, and time to end in order. */
  stop(): Promise<void>;
  /** After `kill` or `stop`. Does not wait until it is ready: the cluster's `ready()` does. */
  start(): Promise<void>;
  /** Runs a command inside; its stdout. Fails when the command does. */
  exec(...command: readonly string[]): Promise<string>;
};

export function nodeOf(name: string, containerId: string, port: number): Node {
  const act = (...args: readonly string[]) => docker(...args).then(() => undefined);
  return {
    name,
    containerId,
    port,
    kill: () => act('kill', containerId),
    stop: () => act('stop', '--time', '30', containerId),
    start: () => act('start', containerId),
    exec: (...command) => docker('exec', containerId, ...command),
  };
}
