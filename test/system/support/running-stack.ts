import { join } from 'node:path';
import { Stack } from './stack.ts';

/** The stack that the system tests share: the shipped one, on ports and a network of its own, with small extras. */
export function theStack(): Stack {
  return new Stack({
    project: 'ffmill-test',
    ports: { app: 18080, db: 23306, mq: 15672 },
    network: '10.213.17',
    // Workers that are scaled away give back soon what they have.
    env: { FARM_DRAIN_SECONDS: '5' },
    overlays: [join(import.meta.dirname, 'overlay.yml')],
  });
}
