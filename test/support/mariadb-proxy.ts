import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What HAProxy is to the database, and what can go wrong with it. */
export type MariadbProxy = {
  readonly port: number;
  /** The next COMMIT reaches the server; its answer does not come back: the connection breaks instead. */
  loseNextCommit(): void;
  /** How many answers were lost so far. */
  lost(): number;
  close(): Promise<void>;
};

/** After four bytes of length and one that says "query": a commit, alone or at the end of the last writes. */
const isCommit = (data: Buffer) => /(^|; )commit(; end)?$/.test(data.subarray(5).toString('latin1'));

/**
 * Leads each connection to the first of the ports that takes it, as a proxy with one writer and backups does; when the
 * server goes, so does the connection.
 */
export async function startMariadbProxy(ports: readonly number[]): Promise<MariadbProxy> {
  let armed = 0;
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (client) => void lead(client));
  async function lead(client: Socket): Promise<void> {
    client.pause();
    const upstream = await firstOf(ports);
    if (upstream === null) return void client.destroy();
    let losing = false;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
    client.on('data', (data: Buffer) => {
      if (armed > 0 && isCommit(data)) {
        armed -= 1;
        losing = true;
      }
      upstream.write(data);
    });
    upstream.on('data', (data) => {
      if (!losing) return void client.write(data);
      lost += 1;
      client.destroy();
    });
    client.resume();
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    loseNextCommit: () => {
      armed += 1;
    },
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function firstOf(ports: readonly number[]): Promise<Socket | null> {
  for (const port of ports) {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    // A port that Docker publishes may take the connection for a container that is gone: only a greeting counts.
    const greeted = await new Promise<boolean>((resolve) => {
      socket.once('readable', () => resolve(socket.readableLength > 0));
      socket.once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
    });
    if (greeted) return socket;
    socket.destroy();
  }
  return null;
}
