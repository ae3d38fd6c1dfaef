import { z } from 'zod';
import { logLevel, parseConfig, positiveInteger } from '../../shared/runtime/config.ts';

/** What `startJanitor` is told. */
export type JanitorConfig = {
  /** Between the beginnings of two passes. */
  readonly sweepMs: number;
  /** For how long finished jobs are kept. */
  readonly retentionMs: number;
};

const DAY_MS = 24 * 3_600_000;

const schema = z.object({
  FFMILL_SWEEP_MS: positiveInteger(1_000),
  FFMILL_RETENTION_DAYS: positiveInteger(30),
  FFMILL_DATABASE: z.string().default('data/ffmill.sqlite'),
  FFMILL_LOG_LEVEL: logLevel('info'),
});

/** The janitor's settings out of the environment. @throws AppError `invalid_request` that lists every problem. */
export function readJanitorConfig(
  env: Readonly<Record<string, string | undefined>>,
): JanitorConfig & { readonly database: string; readonly logLevel: string } {
  const settings = parseConfig(schema, env);
  return {
    sweepMs: settings.FFMILL_SWEEP_MS,
    retentionMs: settings.FFMILL_RETENTION_DAYS * DAY_MS,
    database: settings.FFMILL_DATABASE,
    logLevel: settings.FFMILL_LOG_LEVEL,
  };
}
