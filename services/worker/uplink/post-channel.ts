import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { text } from 'node:stream/consumers';
import { AppError } from '../../../shared/errors.ts';

export type HttpAnswer = { readonly status: number; readonly body: unknown };

/** Posts JSON to one server over connections of its own, so that no other duty can hold them up. */
export type PostChannel = {
  /** @throws AppError `unavailable` when no answer came in time, or it was not JSON. The signal's reason when aborted. */
  post(path: string, body: unknown, options: { timeoutMs: number; signal?: AbortSignal }): Promise<HttpAnswer>;
  close(): void;
};

/** `base` may carry a path. Idle connections are kept, since a worker talks every two seconds. */
export function openPostChannel(base: URL, lookup: LookupFunction): PostChannel {
  const secure = base.protocol === 'https:';
  const agent = new (secure ? HttpsAgent : HttpAgent)({ keepAlive: true });
  const send = secure ? httpsRequest : httpRequest;
  const prefix = base.href.replace(/\/$/, '');
  return {
    async post(path, body, { timeoutMs, signal }) {
      const deadline = AbortSignal.timeout(timeoutMs);
      const either = signal ? AbortSignal.any([signal, deadline]) : deadline;
      try {
        const payload = Buffer.from(JSON.stringify(body));
        const headers = { 'content-type': 'application/json', 'content-length': payload.length };
        const request = send(`${prefix}${path}`, { method: 'POST', agent, headers, lookup, signal: either });
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          request.once('response', resolve).once('error', reject).end(payload);
        });
        return { status: response.statusCode ?? 0, body: parse(await text(response)) };
      } catch (cause) {
        signal?.throwIfAborted();
        const why = deadline.aborted ? `no answer within ${timeoutMs / 1000} s` : String(cause);
        throw new AppError('unavailable', `${base.host} ${path}: ${why}`, { cause });
      }
    },
    close: () => agent.destroy(),
  };
}

function parse(body: string): unknown {
  return body === '' ? undefined : JSON.parse(body);
}
