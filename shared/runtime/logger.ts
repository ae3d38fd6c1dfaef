import { type Logger, pino } from 'pino';

export type { Logger };

/**
 * Logs are JSON lines on stderr, so that stdout stays free for results. The message is a constant phrase; all that
 * varies is a field.
 */
export function createLogger(options: { level: string; name: string }): Logger {
  return pino(
    { level: options.level, name: options.name, redact: ['password', 'token', '*.password'] },
    pino.destination(2),
  );
}
