import { z } from 'zod';
import { type BrokerConfig, brokerSettings, readBrokerConfig } from '../../shared/broker/config.ts';
import { type DatabaseConfig, databaseSettings, readDatabaseConfig } from '../../shared/db/database-settings.ts';
import { logLevel, parseConfig } from '../../shared/runtime/config.ts';

/** What `startCoordinator` is told. */
export type CoordinatorConfig = {
  /** Where it listens. Anything but loopback lets other machines in: there is no login yet. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** For how long it serves on after it has said that it is not ready any more; undefined: not at all. */
  readonly unreadyMs?: number;
};

const schema = z.object({
  FFMILL_HOST: z.string().default('127.0.0.1'),
  FFMILL_PORT: z.coerce
    .number('must be a number')
    .int('must be a whole number')
    .min(0, 'must be 0 or above')
    .max(65_535, 'must be at most 65535')
    .default(8080),
  FFMILL_UNREADY_SECONDS: z.coerce
    .number('must be a number')
    .min(0, 'must be 0 or above')
    .max(60, 'must be at most 60')
    .default(0),
  FFMILL_LOG_LEVEL: logLevel('info'),
  ...databaseSettings,
  ...brokerSettings,
});

type ProcessConfig = CoordinatorConfig & {
  readonly database: DatabaseConfig;
  /** undefined: without a broker. */
  readonly broker: BrokerConfig | undefined;
  readonly logLevel: string;
};

/** The settings of a coordinator's own process. @throws AppError `invalid_request` that lists every problem. */
export function readCoordinatorConfig(env: Readonly<Record<string, string | undefined>>): ProcessConfig {
  const settings = parseConfig(schema, env);
  return {
    host: settings.FFMILL_HOST,
    port: settings.FFMILL_PORT,
    unreadyMs: settings.FFMILL_UNREADY_SECONDS * 1000,
    database: readDatabaseConfig(settings),
    broker: readBrokerConfig(settings),
    logLevel: settings.FFMILL_LOG_LEVEL,
  };
}
