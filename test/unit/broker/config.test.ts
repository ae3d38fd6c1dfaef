import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWorkerConfig } from '../../../services/worker/config.ts';
import { readBrokerConfig } from '../../../shared/broker/config.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const read = (url: string) => readBrokerConfig({ FFMILL_AMQP_URL: url });

test('without a URL there is no broker', () => {
  expect(readBrokerConfig({ FFMILL_AMQP_PASSWORD_FILE: '/nowhere' })).toBeUndefined();
});

test('a URL names protocol, host, port, virtual host and user; what it leaves out is the usual', () => {
  expect(read('amqp://mq')).toEqual({
    ...{ protocol: 'amqp', hostname: 'mq', port: 5672, vhost: '/', username: 'guest', password: 'guest' },
    ca: undefined,
  });
  expect(read('amqps://me:p%40ss@[::1]/farm%2F1')).toMatchObject({
    ...{ protocol: 'amqps', hostname: '::1', port: 5671, vhost: 'farm/1', username: 'me', password: 'p@ss' },
  });
  expect(read('amqp://me@mq:1234/')).toMatchObject({ port: 1234, vhost: '/', username: 'me', password: '' });
});

test('the password and the authority come from files, the password without the line’s end', async () => {
  const folder = await temporaryFolder();
  const [password, ca] = [join(folder, 'password'), join(folder, 'ca.pem')];
  await writeFile(password, 'from a file\n');
  await writeFile(ca, 'PEM');
  const files = { FFMILL_AMQP_PASSWORD_FILE: password, FFMILL_AMQP_CA: ca };
  expect(readBrokerConfig({ FFMILL_AMQP_URL: 'amqps://me:other@mq', ...files })).toMatchObject({
    ...{ password: 'from a file', ca: 'PEM' },
  });
  const missing = { FFMILL_AMQP_URL: 'amqp://mq', FFMILL_AMQP_PASSWORD_FILE: join(folder, 'none') };
  expect(() => readBrokerConfig(missing)).toThrow('FFMILL_AMQP_PASSWORD_FILE: cannot read');
});

test('a worker takes tokens from the broker that is set, unless it is told to do without', () => {
  const url = { FFMILL_AMQP_URL: 'amqp://mq' };
  expect(readWorkerConfig({}).broker).toBeUndefined();
  expect(readWorkerConfig(url).broker?.hostname).toBe('mq');
  expect(readWorkerConfig({ ...url, FFMILL_DOWNLINK: 'amqp' }).broker?.hostname).toBe('mq');
  expect(readWorkerConfig({ ...url, FFMILL_DOWNLINK: 'http' }).broker).toBeUndefined();
  expect(() => readWorkerConfig({ FFMILL_DOWNLINK: 'amqp' })).toThrow('FFMILL_DOWNLINK: amqp needs FFMILL_AMQP_URL');
  expect(() => readWorkerConfig({ FFMILL_AMQP_URL: 'http://mq' })).toThrow('must be an amqp or amqps URL');
});
