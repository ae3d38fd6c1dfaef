import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TestCoordinator } from '../../support/test-coordinator.ts';

let api: TestCoordinator;

beforeAll(async () => {
  api = await TestCoordinator.start();
});
afterAll(() => api.stop());

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

async function post(path: string, body: string, headers: Record<string, string> = JSON_TYPE) {
  const response = await api.fetch(path, { method: 'POST', body, headers });
  expect(response.headers.get('content-type')).toMatch('application/problem+json');
  return response.json();
}

/** Sends raw bytes and gives what came back until the answer was whole. */
async function exchange(request: string): Promise<string> {
  const socket = connect(api.coordinator.port, '127.0.0.1');
  socket.write(request);
  let answer = '';
  for await (const chunk of socket.setEncoding('utf8')) {
    answer += chunk;
    if (answer.trimEnd().endsWith('}')) break;
  }
  return answer;
}

const head = (lines: string[]) => `${lines.join('\r\n')}\r\n\r\n`;

describe('bodies', () => {
  test.each(['{"input":', '', 'NaN', '{"priority": NaN}', '{"a":1}}'])('%j is not JSON', async (body) => {
    expect(await post('/v1/jobs', body)).toMatchObject({ status: 400, code: 'malformed_json', fault: 'request' });
  });

  test('bytes that are not UTF-8 are refused', async () => {
    const body = new Uint8Array([0x22, 0xff, 0x22]);
    const response = await api.fetch('/v1/jobs', { method: 'POST', body, headers: JSON_TYPE });
    expect(await response.json()).toMatchObject({ code: 'malformed_json', detail: 'the body is not UTF-8' });
  });

  test.each(['[]', '"text"', 'null', '1'])('%s is JSON, but no object', async (body) => {
    expect(await post('/v1/jobs', body)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test.each([
    ['text/plain', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['compressed JSON', { ...JSON_TYPE, 'content-encoding': 'gzip' }],
  ])('%s is not taken', async (_name, headers) => {
    expect(await post('/v1/jobs', '{}', headers)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  test('2 MiB are too much for a job', async () => {
    const body = JSON.stringify({ input: '/in.mkv', output: '/out.mkv', profile: 'x'.repeat(2 * MIB) });
    expect(await post('/v1/jobs', body)).toMatchObject({ status: 413, code: 'body_too_large' });
  });

  test('2 MiB are not too much for a batch, 9 are', async () => {
    const wrong = (size: number) => JSON.stringify({ jobs: [], padding: 'x'.repeat(size) });
    expect(await post('/v1/jobs/batch', wrong(2 * MIB))).toMatchObject({ code: 'invalid_request' });
    expect(await post('/v1/jobs/batch', wrong(9 * MIB))).toMatchObject({ code: 'body_too_large' });
  });

  test('an announced length that is too much is refused before a byte of it has come', async () => {
    const lines = ['POST /v1/jobs HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
    const answer = await exchange(head([...lines, `Content-Length: ${64 * MIB}`]));
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toMatch('"code":"body_too_large"');
  });

  test('a body without an announced length is refused as soon as it is too much', async () => {
    const lines = ['POST /v1/jobs HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
    const chunk = `${(2 * MIB).toString(16)}\r\n${'x'.repeat(2 * MIB)}\r\n`;
    const answer = await exchange(`${head([...lines, 'Transfer-Encoding: chunked'])}${chunk}`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  test('a connection serves on after a refused body', async () => {
    const lines = ['POST /v1/jobs HTTP/1.1', 'Host: localhost', 'Content-Type: application/json'];
    const socket = connect(api.coordinator.port, '127.0.0.1').setEncoding('utf8');
    socket.write(head([...lines, `Content-Length: ${2 * MIB}`]));
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 413 /);
    socket.write('x'.repeat(2 * MIB));
    socket.write(head(['GET /health HTTP/1.1', 'Host: localhost']));
    expect(String(await once(socket, 'data'))).toMatch(/^HTTP\/1\.1 200 /);
    socket.destroy();
  });
});

describe('addresses', () => {
  test.each(['/', '/v1', '/v2/jobs', '/v1/jobs/1/nothing', '/v1/Jobs', '/v1/v1/jobs', '/jobs/%E0%A4%A'])(
    'there is nothing at %s',
    async (path) => {
      expect(await api.refused('GET', path)).toMatchObject({ status: 404, code: 'not_found' });
    },
  );

  test.each([
    ['PUT', '/v1/jobs', 'POST, GET'],
    ['GET', '/v1/jobs/batch', 'POST'],
    ['GET', '/jobs/1/cancel', 'POST'],
    ['OPTIONS', '/v1/jobs/1', 'GET, PATCH'],
  ])('%s %s names the methods that are taken', async (method, path, allowed) => {
    const { status, headers, body } = await api.call(method, path);
    expect([status, body.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allowed]);
  });

  test('HEAD is answered like GET, without the body', async () => {
    const response = await api.fetch('/v1/jobs', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });
});

describe('strangers', () => {
  const asking = (...lines: string[]) => exchange(head(['GET /health HTTP/1.1', ...lines]));

  test.each(['evil.example:8080', '192.168.1.5', 'localhost.evil.example', '127.0.0.1.evil.example', ''])(
    'a request for host %j is refused: its name may have been bound to this address',
    async (host) => {
      const answer = await asking(`Host: ${host}`);
      expect(answer).toMatch(/^HTTP\/1\.1 403 /);
      expect(answer).toMatch('"code":"forbidden"');
    },
  );

  test.each(['localhost', 'localhost:9000', '127.0.0.1:8080', '[::1]:8080', 'LOCALHOST:1'])(
    'host %s is served',
    async (host) => {
      expect(await asking(`Host: ${host}`)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  test.each(['https://evil.example', 'http://localhost:1', 'null'])(
    'a page of origin %s is refused',
    async (origin) => {
      expect(await api.refused('POST', '/v1/jobs/1/cancel', { headers: { origin } })).toMatchObject({
        code: 'forbidden',
      });
    },
  );

  test('a page that this server itself gave out may call it', async () => {
    const { status } = await api.call('GET', '/v1/jobs', { headers: { origin: api.coordinator.url } });
    expect(status).toBe(200);
  });

  test('no answer invites other sites to read it', async () => {
    const response = await api.fetch('/v1/jobs');
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect(response.headers.get('x-powered-by')).toBeNull();
  });
});
