import type { TestProject } from 'vitest/node';
import { type GaleraAddresses, startGalera } from './start-galera.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly galera: GaleraAddresses;
  }
}

/** A `globalSetup` file: one Galera of three nodes for a whole project; tests find it by `inject('galera')`. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const galera = await startGalera({ nodes: 3 });
  provide('galera', galera.addresses);
  return galera.stop;
}
