import { createLogger } from '../../shared/runtime/logger.ts';
import type { EmbeddedOptions } from '../embedded/config.ts';
import type { Embedded } from '../embedded/start.ts';
import type { Environment } from './environment.ts';

type FarmOptions = EmbeddedOptions & {
  /** Unless FFMILL_LOG_LEVEL says otherwise. Logs go to stderr. */
  readonly logLevel: string;
};

/** Starts a farm in this process. Its modules are loaded only here: most commands do without. */
export async function startFarm(env: Environment, options: FarmOptions): Promise<Embedded & { slots: number }> {
  const [{ readEmbeddedConfig }, { startEmbedded }] = await Promise.all([
    import('../embedded/config.ts'),
    import('../embedded/start.ts'),
  ]);
  const config = readEmbeddedConfig(env, options);
  const log = createLogger({ level: env.FFMILL_LOG_LEVEL || options.logLevel, name: 'ffmill' });
  return { ...(await startEmbedded(config, { log })), slots: config.worker.slots };
}
