import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/**
 * Where servers may be put. Above 32767 the kernel takes the near end of outgoing connections from: a published port up
 * there is lost to some client of the tests while its container starts, or is down between two lives.
 */
const LOWEST = 20_000;
const HIGHEST = 32_767;
const TRIES = 100;

/** Ports of 127.0.0.1 that nobody listens on. All are held until the last is found, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map(portOf);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listen(): Promise<Server> {
  for (let tries = 1; ; tries += 1) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port');
  return address.port;
}
