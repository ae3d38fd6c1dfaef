import { AppError } from '../../../shared/errors.ts';
import type { Environment } from '../environment.ts';

const LOCAL = 'http://127.0.0.1:8080';

/**
 * The farm that the environment names, or the one that `ffmill up` starts on this machine, with what to say if it is not
 * there.
 *
 * @throws AppError `invalid_request` when FFMILL_URL is no http address.
 */
export function farmUrl(env: Environment): { url: string; hint: string } {
  const given = env.FFMILL_URL;
  if (!given) return { url: LOCAL, hint: '. Start a farm with: ffmill up, or set FFMILL_URL' };
  if (!/^https?:$/.test(URL.parse(given)?.protocol ?? ''))
    throw new AppError('invalid_request', `FFMILL_URL is not an http address: ${JSON.stringify(given)}`);
  return { url: given.replace(/\/+$/, ''), hint: ' (FFMILL_URL)' };
}
