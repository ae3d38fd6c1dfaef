import { z } from 'zod';
import { type BrokerConfig, brokerSettings, readBrokerConfig } from '../../shared/broker/config.ts';
import { type DatabaseConfig, databaseSettings, readDatabaseConfig } from '../../shared/db/database-settings.ts';
import { logLevel, parseConfig, positiveInteger } from '../../shared/runtime/config.ts';

/** What `startJanitor` is told. */
export type JanitorConfig = {
  /** Between the beginnings of two passes. */
  readonly sweepMs: number;
  /** For how long finished jobs are kept. */
  readonly retentionMs: number;
  /** An attempt whose progress stands still for so long is broken off; undefined: the rules' own bound. */
  readonly stalledMs?: number;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

const schema = z.object({
  FFMILL_SWEEP_MS: positiveInteger(1_000),
  FFMILL_RETENTION_DAYS: positiveInteger(30),
  FFMILL_STALLED_MINUTES: positiveInteger(60),
  FFMILL_LOG_LEVEL: logLevel('info'),
  ...databaseSettings,
  ...brokerSettings,
});

type ProcessConfig = JanitorConfig & {
  readonly database: DatabaseConfig;
  /** undefined: without a broker. */
  readonly broker: BrokerConfig | undefined;
  readonly logLevel: string;
};

/** The janitor's settings out of the environment. @throws AppError `invalid_request` that lists every problem. */
export function readJanitorConfig(env: Readonly<Record<string, string | undefined>>): ProcessConfig {
  const settings = parseConfig(schema, env);
  return {
    sweepMs: settings.FFMILL_SWEEP_MS,
    retentionMs: settings.FFMILL_RETENTION_DAYS * DAY_MS,
    stalledMs: settings.FFMILL_STALLED_MINUTES * MINUTE_MS,
    database: readDatabaseConfig(settings),
    broker: readBrokerConfig(settings),
    logLevel: settings.FFMILL_LOG_LEVEL,
  };
}
