import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * Name resolution that never waits twice for the same name. `getaddrinfo` runs on libuv's thread pool, where file
 * operations on a hanging mount can occupy every thread: a heartbeat that needed it then would never leave. So a known
 * name is answered from memory, and the memory is refreshed behind the answer's back. Literal addresses never get here.
 */
export function cachedLookup(): LookupFunction {
  const known = new Map<string, LookupAddress[]>();
  const refreshing = new Map<string, Promise<LookupAddress[]>>();

  function refresh(hostname: string): Promise<LookupAddress[]> {
    const running = refreshing.get(hostname) ?? resolve(hostname).finally(() => refreshing.delete(hostname));
    refreshing.set(hostname, running);
    return running.then((addresses) => {
      known.set(hostname, addresses);
      return addresses;
    });
  }

  return (hostname, options, callback) => {
    const answer = (addresses: LookupAddress[]) => {
      const [first] = addresses;
      if (options.all === true) callback(null, addresses);
      else callback(null, first?.address ?? '', first?.family);
    };
    const fresh = refresh(hostname);
    const remembered = known.get(hostname);
    if (remembered === undefined) fresh.then(answer, (error: NodeJS.ErrnoException) => callback(error, '', 4));
    else {
      fresh.catch(() => {}); // the name server is away: what is remembered still stands
      answer(remembered);
    }
  };
}

function resolve(hostname: string): Promise<LookupAddress[]> {
  return new Promise((done, failed) => {
    lookup(hostname, { all: true }, (error, addresses) => (error ? failed(error) : done(addresses)));
  });
}
