import { expect, test } from 'vitest';
import { keepChannel } from '../../../shared/broker/keep-channel.ts';
import type { BrokerConnection } from '../../../shared/broker/open-connection.ts';
import { createLogger } from '../../../shared/runtime/logger.ts';

test('a channel that is closed for good leaves nothing at its connection, which lives on', async () => {
  const setups = new Set<unknown>();
  const connection: Pick<BrokerConnection, 'onEvery' | 'isAlive'> = {
    onEvery(setup) {
      setups.add(setup);
      return () => void setups.delete(setup);
    },
    isAlive: () => false,
  };
  const log = createLogger({ level: 'silent', name: 'test' });
  const open = () =>
    keepChannel(connection, log, {
      purpose: 'test',
      create: () => Promise.reject(new Error('no broker')),
      prepare: async () => {},
    });
  const [drained, resumed] = [open(), open()];
  await drained.close();
  expect(setups.size).toBe(1);
  await resumed.close();
  expect(setups.size).toBe(0);
});
