import { z } from 'zod';
import { logLevel, parseConfig } from '../../shared/runtime/config.ts';

/** What `startCoordinator` is told. */
export type CoordinatorConfig = {
  /** Where it listens. Anything but loopback lets other machines in: there is no login yet. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
};

const schema = z.object({
  FFMILL_HOST: z.string().default('127.0.0.1'),
  FFMILL_PORT: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must be 0 or above')
    .max(65_535, 'must be at most 65535')
    .default(8080),
  FFMILL_DATABASE: z.string().default('data/ffmill.sqlite'),
  FFMILL_LOG_LEVEL: logLevel('info'),
});

/** The settings of a coordinator's own process. @throws AppError `invalid_request` that lists every problem. */
export function readCoordinatorConfig(
  env: Readonly<Record<string, string | undefined>>,
): CoordinatorConfig & { readonly database: string; readonly logLevel: string } {
  const settings = parseConfig(schema, env);
  return {
    host: settings.FFMILL_HOST,
    port: settings.FFMILL_PORT,
    database: settings.FFMILL_DATABASE,
    logLevel: settings.FFMILL_LOG_LEVEL,
  };
}
