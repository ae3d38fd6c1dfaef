import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { databaseSettings, nameOfDatabase, readDatabaseConfig } from '../../../shared/db/database-settings.ts';
import { parseConfig } from '../../../shared/runtime/config.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const read = (env: Record<string, string>) => readDatabaseConfig(parseConfig(z.object(databaseSettings), env));

test('a path is a SQLite file, and so is nothing at all', () => {
  expect(read({ FFMILL_DATABASE: '/srv/ffmill.sqlite' })).toEqual({ kind: 'sqlite', file: '/srv/ffmill.sqlite' });
  expect(read({})).toEqual({ kind: 'sqlite', file: 'data/ffmill.sqlite' });
});

test('a URL is a MariaDB, with its password in it or in a file', async () => {
  const url = 'mariadb://ann%40home:p%2Fw@db.example/farm';
  const config = read({ FFMILL_DATABASE: url });
  const expected = { kind: 'mariadb', host: 'db.example', port: 3306, user: 'ann@home', database: 'farm', ca: null };
  expect(config).toEqual({ ...expected, password: 'p/w' });
  expect(nameOfDatabase(config)).toBe('ann@home@db.example:3306/farm');
  const file = join(await temporaryFolder(), 'password');
  await writeFile(file, ' secret \n');
  const withFile = read({ FFMILL_DATABASE: url, FFMILL_DATABASE_PASSWORD_FILE: file, FFMILL_DATABASE_CA: file });
  expect(withFile).toEqual({ ...expected, password: ' secret ', ca: ' secret \n' });
  expect(read({ FFMILL_DATABASE: 'mariadb://a@[::1]:3307/b' })).toMatchObject({
    host: '::1',
    port: 3307,
    password: '',
  });
});

test('all that is wrong is said at once', () => {
  const env = { FFMILL_DATABASE: 'mysql://a@b/c', FFMILL_DATABASE_PASSWORD_FILE: '/none', FFMILL_DATABASE_CA: '/none' };
  expect(() => read(env)).toThrow(
    /FFMILL_DATABASE: must be a file, or mariadb:.*PASSWORD_FILE: cannot be read.*DATABASE_CA: cannot be read/s,
  );
});

test.each(['mariadb://', 'mariadb://host/db', 'mariadb://user@host', 'mariadb://user@host/a/b'])(
  '%s is no database',
  (url) => {
    expect(() => read({ FFMILL_DATABASE: url })).toThrow(/USER@HOST:PORT\/DATABASE/);
  },
);
