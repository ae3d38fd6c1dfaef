import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { AppError } from '../errors.ts';

/** Where the broker is, and as whom to speak to it. */
export type BrokerConfig = {
  readonly protocol: 'amqp' | 'amqps';
  readonly hostname: string;
  readonly port: number;
  readonly vhost: string;
  readonly username: string;
  readonly password: string;
  /** PEM of the authority that signed the broker's certificate; undefined: those that Node trusts. */
  readonly ca: string | undefined;
};

/** The settings of every process that may speak to the broker; spread it into the process's own schema. */
export const brokerSettings = {
  FFMILL_AMQP_URL: z.url({ protocol: /^amqps?$/, error: 'must be an amqp or amqps URL' }).optional(),
  FFMILL_AMQP_PASSWORD_FILE: z.string().optional(),
  FFMILL_AMQP_CA: z.string().optional(),
};

type BrokerSettings = { readonly [Name in keyof typeof brokerSettings]?: string | undefined };

const PORTS = { amqp: 5672, amqps: 5671 } as const;

/**
 * What the settings say; undefined without `FFMILL_AMQP_URL`: this process does without a broker. A user that the URL
 * does not name is `guest`, a path that it does not have is the virtual host `/`.
 *
 * @throws AppError `invalid_request` when a file that a setting names cannot be read.
 */
export function readBrokerConfig(settings: BrokerSettings): BrokerConfig | undefined {
  if (settings.FFMILL_AMQP_URL === undefined) return undefined;
  const url = new URL(settings.FFMILL_AMQP_URL);
  const protocol = url.protocol === 'amqps:' ? 'amqps' : 'amqp';
  const password = readSetting('FFMILL_AMQP_PASSWORD_FILE', settings)?.replace(/\r?\n$/, '');
  return {
    protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? PORTS[protocol] : Number(url.port),
    vhost: decodeURIComponent(url.pathname.slice(1)) || '/',
    username: decodeURIComponent(url.username) || 'guest',
    password: password ?? (url.password === '' && url.username === '' ? 'guest' : decodeURIComponent(url.password)),
    ca: readSetting('FFMILL_AMQP_CA', settings),
  };
}

function readSetting(name: keyof BrokerSettings, settings: BrokerSettings): string | undefined {
  const file = settings[name];
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid_request', `the configuration is not valid:\n  ${name}: cannot read ${file}`, { cause });
  }
}
