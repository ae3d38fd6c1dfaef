import { stopOwnDaemon } from '../../../scripts/setup/docker/daemon.mjs';
import { makeSecrets } from '../../../scripts/setup/docker/make-secrets.mjs';
import { ensureDocker } from '../../../scripts/setup/ensure-docker.mjs';
import { ALL_IMAGES, ensureImages } from '../../../scripts/setup/ensure-images.mjs';
import { Stack } from '../../system/support/stack.ts';

const PORTS = { app: 28080, mq: 28672, db: 28306 } as const;

type Account = { readonly host: string; readonly port: number; readonly user: string; readonly password: string };

/** The shipped stack beside any other, and how its three tiers are reached through the VIPs. */
export type BenchStack = {
  readonly stack: Stack;
  readonly url: string;
  readonly amqpUrl: { readonly coordinator: string; readonly worker: string };
  readonly database: { readonly coordinator: Account; readonly migration: Account };
};

/**
 * Runs `work` on a fresh stack without workers of its own, and removes it, also when interrupted. `keep`: it is used as
 * it is found and left up, for who measures again and again.
 */
export async function withStack(
  { keep }: { keep: boolean },
  work: (bench: BenchStack) => Promise<void>,
): Promise<void> {
  await ensureDocker({ keep });
  makeSecrets();
  ensureImages(ALL_IMAGES);
  const stack = new Stack({ project: 'ffmill-bench', ports: PORTS, network: '10.213.37' });
  const onSignal = () => void stack.remove().finally(() => process.exit(130));
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    if (!keep) await stack.remove();
    const begun = performance.now();
    await stack.up({ workers: 0 });
    console.log(`the stack is healthy after ${((performance.now() - begun) / 1000).toFixed(0)} s`);
    await work(await reach(stack));
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    if (!keep) await stack.remove();
    if (!keep) await stopOwnDaemon();
  }
}

async function reach(stack: Stack): Promise<BenchStack> {
  const galera = await stack.container('galera-1');
  const account = async (user: string): Promise<Account> => {
    const password = (await stack.exec(galera, 'cat', `/run/secrets/db-${user}`)).trim();
    return { host: '127.0.0.1', port: PORTS.db, user, password };
  };
  return {
    stack,
    url: `http://127.0.0.1:${PORTS.app}`,
    amqpUrl: { coordinator: await stack.amqpUrl('coordinator'), worker: await stack.amqpUrl('worker') },
    database: { coordinator: await account('coordinator'), migration: await account('migration') },
  };
}
