import { eventually } from '../../support/eventually.ts';
import type { Stack } from './stack.ts';

/**
 * The container of the database node that takes the writes now: the one that HAProxy passes connections to. Which one
 * that is changes with every writer that dies, and nothing moves it back.
 */
export async function databaseWriter(stack: Stack): Promise<string> {
  const service = await eventually(async () => {
    const response = await fetch(`http://${stack.address(100)}:8404/;csv`, { signal: AbortSignal.timeout(2_000) });
    const sessions = openSessions(await response.text());
    const [most] = sessions.sort((one, other) => other.open - one.open);
    if (most === undefined || most.open === 0) throw new Error('no database node has a connection');
    return most.server;
  }, 20_000);
  return stack.container(service);
}

/** Connections to each database node, from HAProxy's statistics. */
function openSessions(statistics: string): { readonly server: string; readonly open: number }[] {
  const rows = statistics.split('\n').map((line) => line.split(','));
  const column = rows[0]?.indexOf('scur') ?? -1;
  return rows.flatMap(([proxy, server = '', ...rest]) =>
    proxy === 'galera' && server.startsWith('galera-') ? [{ server, open: Number(rest[column - 2]) }] : [],
  );
}
