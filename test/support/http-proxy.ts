import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A request on its way to the server. `route` is the path with every id replaced: `POST /v1/attempts/:id/commit`. */
export type ProxiedRequest = {
  readonly route: string;
  readonly path: string;
  readonly body: Buffer;
};
export type ProxiedAnswer = { readonly status: number; readonly body: Buffer };

/**
 * What happens to what passes. A hook may take its time (the message waits), signal or kill a process, or say `drop`:
 * the client's connection is cut, before the server saw the request or after it answered.
 */
export type ProxyHooks = {
  onRequest?(request: ProxiedRequest): Verdict | Promise<Verdict>;
  onAnswer?(request: ProxiedRequest, answer: ProxiedAnswer): Verdict | Promise<Verdict>;
};
export type Verdict = 'drop' | undefined;

export type HttpProxy = {
  readonly url: string;
  /** May be replaced while the proxy runs. */
  hooks: ProxyHooks;
  /** Cuts the connections that stand, streams among them. */
  cut(): void;
  stop(): Promise<void>;
};

/** A proxy between workers or clients and a coordinator, to break the connection at any point. Streams pass unbuffered. */
export async function startHttpProxy(target: string, hooks: ProxyHooks = {}): Promise<HttpProxy> {
  const server = createServer((request, response) => {
    void forward(proxy, target, request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: HttpProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hooks,
    cut: () => server.closeAllConnections(),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return proxy;
}

async function forward(proxy: HttpProxy, target: string, incoming: IncomingMessage, response: ServerResponse) {
  const path = incoming.url ?? '/';
  const request = { route: `${incoming.method} ${routeOf(path)}`, path, body: await buffer(incoming) };
  if ((await proxy.hooks.onRequest?.(request)) === 'drop') return response.destroy();
  const answer = await ask(target, incoming, request.body, response);
  if (isStream(answer)) {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    return answer.pipe(response);
  }
  const body = await buffer(answer);
  if ((await proxy.hooks.onAnswer?.(request, { status: answer.statusCode ?? 502, body })) === 'drop')
    return response.destroy();
  return response.writeHead(answer.statusCode ?? 502, answer.headers).end(body);
}

async function ask(target: string, { method, url, headers }: IncomingMessage, body: Buffer, client: ServerResponse) {
  const outgoing = httpRequest(new URL(url ?? '/', target), { ...(method && { method }), headers, agent: false });
  client.once('close', () => outgoing.destroy());
  outgoing.on('error', () => client.destroy());
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answer;
}

function isStream({ headers }: IncomingMessage): boolean {
  return /event-stream|ndjson/.test(headers['content-type'] ?? '');
}

function routeOf(path: string): string {
  return path.replace(/\?.*/, '').replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, ':id');
}
