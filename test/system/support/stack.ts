import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { docker } from '../../support/containers/docker.ts';
import { eventually } from '../../support/eventually.ts';
import { type ClientCall, FarmClient } from './farm-client.ts';

const ROOT = join(import.meta.dirname, '../../..');
const COMPOSE_FILE = join(ROOT, 'docker-compose.ha.yml');

/** Where a stack is reached from this machine, and what it is called: several may run side by side. */
export type StackOptions = {
  readonly project: string;
  /** Of this machine, that lead to the API, the database and the broker. */
  readonly ports: { readonly app: number; readonly db: number; readonly mq: number };
  /** The first three numbers of its addresses. */
  readonly network: string;
  /** Further settings of the compose file. */
  readonly env?: Readonly<Record<string, string>>;
  /** Compose files laid over the shipped one. */
  readonly overlays?: readonly string[];
};

/**
 * The shipped stack, started by the shipped compose file, and the ways to hurt it. Services are named as in that file;
 * a container is its service and, where the service is scaled, its number.
 */
export class Stack {
  private readonly options: StackOptions;
  private readonly suspended = new Set<string>();

  constructor(options: StackOptions) {
    this.options = options;
  }

  /** A client of the app VIP; `observe` is told of each of its calls. */
  client(observe?: (call: ClientCall) => void): FarmClient {
    return new FarmClient(`http://127.0.0.1:${this.options.ports.app}`, observe);
  }

  /** An address of the stack's network by its last number, which docker-compose.ha.yml gives. */
  address(host: number): string {
    return `${this.options.network}.${host}`;
  }

  /** Clients of the coordinators themselves, past HAProxy. */
  coordinatorClients(): FarmClient[] {
    return [41, 42].map((host) => new FarmClient(`http://${this.address(host)}:8080`));
  }

  /** How a program on this machine reaches the brokers. */
  async amqpUrl(user: 'watcher' | 'worker' | 'coordinator'): Promise<string> {
    const password = await readFile(join(ROOT, 'deploy/secrets', `mq-${user}`), 'utf8');
    return `amqp://${user}:${password}@127.0.0.1:${this.options.ports.mq}/`;
  }

  async compose(...args: readonly string[]): Promise<string> {
    const { project, ports, network, env = {}, overlays = [] } = this.options;
    const files = [COMPOSE_FILE, ...overlays].flatMap((file) => ['-f', file]);
    const { stdout } = await execa('docker', ['compose', '-p', project, ...files, ...args], {
      cwd: ROOT,
      env: {
        ...env,
        FARM_APP_PORT: `${ports.app}`,
        FARM_DB_PORT: `${ports.db}`,
        FARM_MQ_PORT: `${ports.mq}`,
        FARM_NETWORK: network,
      },
    });
    return stdout;
  }

  /** Resolves when every service is healthy. */
  async up({ workers }: { workers: number }): Promise<void> {
    await this.compose('up', '-d', '--wait', '--wait-timeout', '300', '--scale', `worker=${workers}`);
  }

  /** More or fewer workers; nothing else is touched. Those that go finish what they have, or give it back. */
  async scale(workers: number): Promise<void> {
    await this.compose('up', '-d', '--no-deps', '--no-recreate', '--scale', `worker=${workers}`, 'worker');
  }

  /** Ends everything; the volumes go too. */
  async remove(): Promise<void> {
    await this.compose('--profile', '*', 'down', '--volumes', '--remove-orphans', '--timeout', '2');
  }

  /** The containers of a service, in their order. */
  async containers(service: string): Promise<string[]> {
    const listed = await this.compose('ps', '-a', '--format', '{{.Name}}', service);
    return listed
      .split('\n')
      .filter((name) => name !== '')
      .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  }

  async container(service: string, index = 0): Promise<string> {
    const name = (await this.containers(service))[index];
    if (name === undefined) throw new Error(`${service} has no container ${index}`);
    return name;
  }

  /** Kills without warning. The restart policy does not bring a killed container back: `start` does. */
  async kill(...containers: readonly string[]): Promise<void> {
    await docker('kill', ...containers);
    for (const container of containers) this.suspended.delete(container);
  }

  async start(...containers: readonly string[]): Promise<void> {
    await docker('start', ...containers);
  }

  /**
   * Stops the clock for every process of a container, as of a machine that sleeps; connections stay open and silent. By
   * signals: the freezer behind `docker pause` gives up on a container that is busy starting processes.
   */
  async suspend(container: string): Promise<void> {
    this.suspended.add(container);
    const stopped = new Set<number>();
    for (let running = await this.processes(container); running.length > 0; ) {
      for (const { pid } of running) {
        sendSignal(pid, 'SIGSTOP');
        stopped.add(pid);
      }
      running = (await this.processes(container)).filter(({ pid }) => !stopped.has(pid));
    }
  }

  async resume(container: string): Promise<void> {
    for (const { pid } of await this.processes(container)) sendSignal(pid, 'SIGCONT');
    this.suspended.delete(container);
  }

  async exec(container: string, ...command: readonly string[]): Promise<string> {
    return docker('exec', container, ...command);
  }

  /** Kills every process of that name in a container, from outside: the images hold no tools for it. Gives how many. */
  async killProcesses(container: string, name: string): Promise<number> {
    const named = (await this.processes(container)).filter(({ command }) => command === name);
    for (const { pid } of named) sendSignal(pid, 'SIGKILL');
    return named.length;
  }

  /** What runs in a container, with its numbers on this machine. */
  private async processes(container: string): Promise<{ pid: number; command: string | undefined }[]> {
    const [, ...lines] = (await docker('top', container, '-eo', 'pid,comm')).split('\n');
    return lines.map((line) => line.trim().split(/\s+/)).map(([pid, command]) => ({ pid: Number(pid), command }));
  }

  /** Runs a command in a container as root. */
  async execAsRoot(container: string, ...command: readonly string[]): Promise<string> {
    return docker('exec', '-u', '0', container, ...command);
  }

  /** Cuts a container off from everybody. Gives what lets it back. */
  async cutOff(container: string): Promise<() => Promise<void>> {
    const networks = JSON.parse(
      await docker('inspect', '-f', '{{json .NetworkSettings.Networks}}', container),
    ) as Record<string, { IPAMConfig?: { IPv4Address?: string } | null; Aliases?: string[] | null }>;
    for (const network of Object.keys(networks)) await docker('network', 'disconnect', '-f', network, container);
    return async () => {
      for (const [network, { IPAMConfig, Aliases }] of Object.entries(networks)) {
        const address = IPAMConfig?.IPv4Address === undefined ? [] : ['--ip', IPAMConfig.IPv4Address];
        const aliases = (Aliases ?? []).flatMap((alias) => ['--alias', alias]);
        await docker('network', 'connect', ...address, ...aliases, network, container);
      }
    };
  }

  async healthy(...containers: readonly string[]): Promise<void> {
    await eventually(async () => {
      for (const container of containers) {
        const format = '{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}';
        const health = await docker('inspect', '-f', format, container);
        if (health !== 'healthy' && health !== 'running') throw new Error(`${container} is ${health}`);
      }
    }, 120_000);
  }

  /** Starts what was killed and continues what was suspended; resolves when all of it is healthy again. */
  async healAll(): Promise<void> {
    const listed = await this.compose('ps', '-a', '--format', '{{.Name}} {{.State}}');
    const containers = listed.split('\n').map((line) => line.split(' '));
    const named = (state: string) => containers.flatMap(([name = '', is]) => (is === state ? [name] : []));
    const dead = named('exited').filter((name) => !name.includes('migrate'));
    for (const container of this.suspended) await this.resume(container);
    if (dead.length > 0) await this.start(...dead);
    await this.healthy(...containers.flatMap(([name = '']) => (name.includes('migrate') ? [] : [name])));
  }

  /** The HAProxy that has the address of the app tier. */
  async vipHolder(): Promise<string> {
    for (const service of ['haproxy-1', 'haproxy-2']) {
      const container = await this.container(service);
      const addresses = await this.exec(container, 'ip', '-4', '-o', 'address');
      if (addresses.includes(`${this.options.network}.100/`)) return container;
    }
    throw new Error('no HAProxy has the address of the app tier');
  }

  /** Takes a mount away from a container: what it sees then is the empty folder beneath. Gives what brings it back. */
  async loseMount(container: string, path: string): Promise<() => Promise<void>> {
    const pid = await docker('inspect', '-f', '{{.State.Pid}}', container);
    const inside = (script: string) => execa('nsenter', ['-t', pid, '-m', '-p', 'sh', '-c', script]);
    await inside(`mkdir -p /run/kept && mount --bind ${path} /run/kept && umount -l ${path}`);
    return async () => {
      await inside(`mount --bind /run/kept ${path} && umount /run/kept`);
    };
  }

  /** Rows of a query, asked of the first node that answers, with all that was committed on the others. */
  async sql(query: string): Promise<string[][]> {
    const client = ['mariadb', '--batch', '--skip-column-names', '--init-command=set wsrep_sync_wait=1', '-e', query];
    const failures: unknown[] = [];
    for (const node of ['galera-3', 'galera-2', 'galera-1']) {
      try {
        const printed = await this.execAsRoot(await this.container(node), ...client, 'ffmill');
        return printed === '' ? [] : printed.split('\n').map((line) => line.split('\t'));
      } catch (error) {
        failures.push(error);
      }
    }
    throw new AggregateError(failures, 'no database node answers');
  }

  /** Where a volume's files lie on this machine. */
  async volume(name: string): Promise<string> {
    return docker('volume', 'inspect', '-f', '{{.Mountpoint}}', `${this.options.project}_${name}`);
  }
}

/** To a process that may have ended since it was seen. */
function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
