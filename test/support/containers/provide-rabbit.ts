import type { TestProject } from 'vitest/node';
import { type RabbitAddresses, startRabbit } from './start-rabbit.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly rabbit: RabbitAddresses;
  }
}

/** A `globalSetup` file: one RabbitMQ node for a whole project; tests find it by `inject('rabbit')`. */
export async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const rabbit = await startRabbit({ nodes: 1 });
  provide('rabbit', rabbit.addresses);
  return rabbit.stop;
}
