import { afterEach, describe, expect, test } from 'vitest';
import { createCaller } from '../../../../services/cli/client/caller.ts';
import { farmUrl } from '../../../../services/cli/client/farm-url.ts';
import { createClient } from '../../../../services/cli/client.ts';
import { type Handler, sendJson, startScriptedServer } from '../../../support/scripted-server.ts';

const ending: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ending.splice(0)) await end();
});

async function farm(handle: Handler) {
  const server = await startScriptedServer(handle);
  ending.push(server.stop);
  return server;
}

const forever = () => new AbortController().signal;
const PROBLEM = {
  type: 'about:blank',
  title: 'The request is not valid',
  status: 400,
  detail: 'crf: too big',
  code: 'invalid_request',
  errors: [{ pointer: '/crf', message: 'too big' }],
};

describe('a call', () => {
  test('that the farm refuses is not repeated, and keeps its code, words and places', async () => {
    const { url, asked } = await farm((_request, response) => sendJson(response, 400, PROBLEM));
    const call = createCaller({ url, hint: '', signal: forever() }).ask({ method: 'GET', path: '/' });
    await expect(call).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'crf: too big',
      problems: [{ pointer: '/crf', message: 'too big' }],
    });
    expect(asked).toHaveLength(1);
  });

  test('is made again after a lost connection and after a 503, with the same key', async () => {
    const { url, asked } = await farm((request, response) => {
      if (asked.length === 1) request.socket.destroy();
      else if (asked.length === 2) sendJson(response, 503, {});
      else sendJson(response, 201, { id: 'x' });
    });
    const client = createClient({ url, hint: '', signal: forever() });
    expect(await client.submitJob({ input: '/a', output: '/b' }, 'my-key')).toEqual({ id: 'x' });
    expect(asked.map(({ headers }) => headers['idempotency-key'])).toEqual(['my-key', 'my-key', 'my-key']);
  });

  test('is made again when the connection breaks within the answer', async () => {
    const { url, asked } = await farm((request, response) => {
      if (asked.length > 1) return sendJson(response, 200, { whole: true });
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"whole":');
      setImmediate(() => request.socket.destroy());
    });
    const answer = await createCaller({ url, hint: '', signal: forever() }).ask({ method: 'GET', path: '/' });
    expect(answer).toEqual({ whole: true });
  });

  test('to a place where nobody ever answered fails at once and says where', async () => {
    const { url, stop } = await startScriptedServer(() => {});
    await stop();
    const call = createCaller({ url, hint: '. Start one', signal: forever() }).ask({ method: 'GET', path: '/' });
    await expect(call).rejects.toMatchObject({
      code: 'unavailable',
      message: `nobody answers at ${url}: ECONNREFUSED. Start one`,
    });
  });

  test('to something that is no farm says so', async () => {
    const { url } = await farm((_request, response) => response.end('<html>'));
    const call = createCaller({ url, hint: '', signal: forever() }).ask({ method: 'GET', path: '/' });
    await expect(call).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('no JSON') });
  });

  test('ends with the signal, also while it waits to try again', async () => {
    const stop = new AbortController();
    const { url } = await farm((_request, response) => {
      sendJson(response, 503, {});
      stop.abort('enough');
    });
    const call = createCaller({ url, hint: '', signal: stop.signal }).ask({ method: 'GET', path: '/' });
    await expect(call).rejects.toBe('enough');
  });
});

test.each([
  { env: {}, url: 'http://127.0.0.1:8080' },
  { env: { FFMILL_URL: '' }, url: 'http://127.0.0.1:8080' },
  { env: { FFMILL_URL: 'https://farm/ffmill/' }, url: 'https://farm/ffmill' },
])('the farm of $env is $url', ({ env, url }) => {
  expect(farmUrl(env).url).toBe(url);
});

test.each(['farm:8080', 'ftp://farm', '//'])('FFMILL_URL=%s is refused', (FFMILL_URL) => {
  expect(() => farmUrl({ FFMILL_URL })).toThrow('FFMILL_URL is not an http address');
});
