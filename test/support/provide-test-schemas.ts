import type { TestProject } from 'vitest/node';
import type {} from './containers/provide-galera.ts';
import { startGalera } from './containers/start-galera.ts';

/** A `globalSetup` file: a Galera of three nodes on which each test file may make a schema of its own. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const galera = await startGalera({ nodes: 3 });
  await galera.nodes[0]?.exec(
    ...['mariadb', '--socket=/run/mysqld/mysqld.sock', '--user=mysql', '--execute'],
    'grant all privileges on `ffmill\\_test\\_%`.* to migration',
  );
  provide('galera', galera.addresses);
  return galera.stop;
}
