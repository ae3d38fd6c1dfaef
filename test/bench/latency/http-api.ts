import { Agent, request as send } from 'node:http';
import { json } from 'node:stream/consumers';

/** A client of the farm that costs little: what is measured shares the machine with it. Connections are kept. */
export type HttpApi = {
  call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer>;
  close(): void;
};

/** @throws Error for every answer that is no success. */
export function openApi(base: string): HttpApi {
  const agent = new Agent({ keepAlive: true });
  return {
    async call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown) {
      const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
      const headers = payload && { 'content-type': 'application/json', 'content-length': payload.length };
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      send(`${base}${path}`, { method, agent, ...(headers && { headers }) })
        .once('error', reject)
        .once('response', (response) => {
          const status = response.statusCode ?? 0;
          json(response).then((answer) => {
            if (status >= 200 && status < 300) resolve(answer as Answer);
            else reject(new Error(`${method} ${path}: ${status} ${JSON.stringify(answer).slice(0, 300)}`));
          }, reject);
        })
        .end(payload);
      return promise;
    },
    close: () => agent.destroy(),
  };
}
