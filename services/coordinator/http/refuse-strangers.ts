import type { RequestHandler } from 'express';
import { AppError } from '../../../shared/errors.ts';

/** Names of this machine to itself. Whole names: 127.0.0.1.example.org is anybody's. */
const LOOPBACK = /^(localhost|127(\.[0-9]{1,3}){3}|\[?::1\]?)$/i;

/**
 * Refuses what a web page of another site sends through its visitor's browser. There is no login yet: what keeps others
 * out is that only this machine can connect, and its browser does too. A page that rebinds its own name to 127.0.0.1
 * gives itself away by the Host header; one that posts a form, by Origin. (The port in Host is not compared: it is the
 * browser's own, and differs behind `ssh -L`.)
 *
 * @throws AppError `forbidden`.
 */
export function refuseStrangers(listenHost: string): RequestHandler {
  const loopback = LOOPBACK.test(listenHost);
  return (request, _response, next) => {
    const { host = '', origin } = request.headers;
    if (loopback && !LOOPBACK.test(host.replace(/:\d*$/, '')))
      throw new AppError('forbidden', `this server answers to localhost, not to ${JSON.stringify(host)}`);
    if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`)
      throw new AppError('forbidden', `pages of ${origin} may not call this server`);
    next();
  };
}
