import type { Socket } from 'node:net';
import { type ChannelModel, connect } from 'amqplib';
import type { Logger } from '../runtime/logger.ts';
import type { BrokerConfig } from './config.ts';

/** One connection that comes back by itself: amqplib's own recovery does that. */
export type BrokerConnection = {
  /** The connection of now, be it still set up; undefined while there is none. */
  model(): ChannelModel | undefined;
  /**
   * `setup` runs on the connection there is and on every later one, before that counts as there. It never throws: what
   * it could not do it tries again by itself while the connection `isAlive`. Returns the function that ends it.
   */
  onEvery(setup: (model: ChannelModel) => Promise<void>): () => void;
  isAlive(model: ChannelModel): boolean;
  /** Called when the connection comes and goes. */
  onChange(listener: () => void): void;
  onBlocked(listener: (blocked: boolean) => void): void;
  /** Waits a moment for what is under way, then drops the connection. */
  close(): Promise<void>;
};

export type Connecting = {
  readonly log: Logger;
  /** What the broker's lists show it as. */
  readonly name: string;
};

/** Seconds. Below 5, busy machines are taken for dead ones; with 10, a dead broker is noticed after 20 to 30. */
const HEARTBEAT_SECONDS = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;
/** Milliseconds. The first try comes at once after a loss; the pace of the later ones is what a restart costs on top. */
const RECOVERY = { initialDelay: 100, maxDelay: 2_000, factor: 2, jitter: 0.2 };

/** Returns at once and keeps connecting until it is closed. */
export function openConnection(config: BrokerConfig, { log, name }: Connecting): BrokerConnection {
  const setups = new Set<(model: ChannelModel) => Promise<void>>();
  const onChange: (() => void)[] = [];
  const onBlocked: ((blocked: boolean) => void)[] = [];
  let current: ChannelModel | undefined;

  async function setup(model: ChannelModel): Promise<void> {
    current = model;
    model.on('close', () => {
      if (current === model) current = undefined;
    });
    model.on('error', () => {}); // unheard, it would end the process; what there is to say comes with 'disconnect'
    await Promise.all([...setups].map((run) => run(model)));
    // Recovery listens only from here on: it would never hear of a connection that has ended already.
    if (current !== model) throw new Error('the connection was lost while it was being set up');
  }

  function changed(): void {
    for (const listener of onChange) listener();
  }

  function block(blocked: boolean): void {
    for (const listener of onBlocked) listener(blocked);
  }

  const opened = open(config, name, setup).then((recovering) => {
    let told = false;
    const tell = (error: Error, what: string) => {
      log[told ? 'debug' : 'warn']({ connection: name, detail: error.message }, what);
      told = true;
    };
    recovering.on('connect', () => {
      told = false;
      log.info({ connection: name }, 'broker connected');
      changed();
    });
    recovering.on('disconnect', (error) => {
      changed();
      tell(error, 'broker connection lost');
    });
    recovering.on('connect-failed', (error: Error) => tell(error, 'broker cannot be reached'));
    recovering.on('error', () => {}); // 'disconnect' follows
    recovering.on('handler-error', (error: Error) => log.error({ err: error }, 'broker listener failed'));
    recovering.on('blocked', () => block(true));
    recovering.on('unblocked', () => block(false));
    return recovering;
  });

  return {
    model: () => current,
    isAlive: (model) => model === current,
    onEvery(run) {
      setups.add(run);
      if (current !== undefined) void run(current);
      return () => void setups.delete(run);
    },
    onChange: (listener) => void onChange.push(listener),
    onBlocked: (listener) => void onBlocked.push(listener),
    async close() {
      const closed = (await opened).close();
      if (await endsWithin(closed, CLOSE_TIMEOUT_MS)) return;
      if (current !== undefined) socketOf(current).destroy();
    },
  };
}

function open(config: BrokerConfig, name: string, setup: (model: ChannelModel) => Promise<void>) {
  const { ca, ...address } = config;
  return connect(
    { ...address, heartbeat: HEARTBEAT_SECONDS },
    {
      noDelay: true, // amqplib leaves Nagle on: 20 to 40 ms a message
      timeout: CONNECT_TIMEOUT_MS,
      clientProperties: { connection_name: name },
      ...(ca !== undefined && { ca }),
      recovery: { ...RECOVERY, waitForConnect: false, setup },
    },
  );
}

/** amqplib has no way to leave a broker that does not answer, but to wait for its heartbeat. */
function socketOf({ connection }: ChannelModel): Socket {
  return (connection as unknown as { stream: Socket }).stream;
}

async function endsWithin(work: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(resolve, ms, false);
  work.then(
    () => resolve(true),
    () => resolve(true),
  );
  const ended = await promise;
  clearTimeout(timer);
  return ended;
}
