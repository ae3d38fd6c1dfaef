import type { Channel, ChannelModel } from 'amqplib';
import type { Logger } from '../runtime/logger.ts';
import { replyCode } from './broker-unavailable.ts';
import type { BrokerConnection } from './open-connection.ts';

export type Keeping<Kept extends Channel> = {
  /** What it is for, in logs. */
  readonly purpose: string;
  create(model: ChannelModel): Promise<Kept>;
  /** Declares, binds and consumes: everything that a new channel has to do again. */
  prepare(channel: Kept, model: ChannelModel): Promise<void>;
  /** The channel can be used; undefined: it is gone, and what was not settled on it never will be. */
  onChange?(channel: Kept | undefined): void;
};

export type KeptChannel<Kept extends Channel> = {
  current(): Kept | undefined;
  /** The broker does not answer on it: it counts as closed from now on. Nothing happens when it is gone already. */
  giveUp(channel: Kept): void;
  /** Ends it for good. */
  close(): Promise<void>;
};

/** One that worked comes back at once; one that cannot be opened is not tried in a hot loop. */
const REOPEN_MS = 50;
const RETRY_MS = 1_000;

/** A channel with one duty that is there whenever its connection is: it is opened again when the broker closed it. */
export function keepChannel<Kept extends Channel>(
  connection: Pick<BrokerConnection, 'onEvery' | 'isAlive'>,
  log: Logger,
  { purpose, create, prepare, onChange }: Keeping<Kept>,
): KeptChannel<Kept> {
  let current: Kept | undefined;
  let endCurrent = () => {};
  let closed = false;

  function openAgain(model: ChannelModel, ms: number): void {
    const timer = setTimeout(() => void (connection.isAlive(model) && !closed && open(model)), ms);
    timer.unref();
  }

  /** Its end, before it is ready or after, leads to another one. */
  async function prepareFor(model: ChannelModel, channel: Kept): Promise<void> {
    const { promise: ended, reject } = Promise.withResolvers<never>();
    let open = true;
    let ready = false;
    const end = () => {
      if (!open) return;
      open = false;
      reject(new Error('the channel was closed'));
      if (ready) set(undefined);
      openAgain(model, ready ? REOPEN_MS : RETRY_MS);
    };
    channel.once('close', end);
    await Promise.race([prepare(channel, model), ended]);
    ready = open;
    if (!ready) return;
    endCurrent = end;
    set(channel);
  }

  function set(channel: Kept | undefined): void {
    current = channel;
    onChange?.(channel);
  }

  async function open(model: ChannelModel): Promise<void> {
    let channel: Kept | undefined;
    if (closed) return;
    try {
      channel = await create(model);
      listenTo(channel, log, purpose);
      await prepareFor(model, channel);
      if (closed) await channel.close();
    } catch (error) {
      log.debug({ purpose, err: error }, 'broker channel not opened');
      if (channel === undefined) openAgain(model, RETRY_MS);
      else await channel.close().catch(() => {}); // or it is closed already
    }
  }

  const forget = connection.onEvery(open);
  return {
    current: () => current,
    giveUp(channel) {
      if (channel !== current) return;
      endCurrent();
      channel.close().catch(() => {});
    },
    async close() {
      closed = true;
      forget();
      await current?.close().catch(() => {});
    },
  };
}

/** An error that nobody listens to would end the process. */
function listenTo(channel: Channel, log: Logger, purpose: string): void {
  channel.on('error', (error: Error) =>
    log.warn({ purpose, code: replyCode(error), detail: error.message }, 'broker channel closed'),
  );
  channel.on('handler-error', (error: Error) => log.error({ err: error }, 'broker listener failed'));
}
