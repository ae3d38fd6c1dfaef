import { percentile } from '../support/percentile.ts';
import type { Recovery } from './measure-recoveries.ts';
import type { Wait } from './read-history.ts';
import { recoveryTable } from './recovery-table.ts';
import { timeOfDay } from './say.ts';
import type { Move } from './watch-address.ts';

/** Within this after a proxy was killed the address moves because of it. */
const MOVES_WITHIN_MS = 10_000;

type Times = {
  readonly recoveries: readonly Recovery[];
  readonly waits: readonly Wait[];
  readonly moves: readonly Move[];
};

/** Prints how long the farm took to get over each kind of fault. Times are for people: nothing fails by them. */
export function printTimes({ recoveries, waits, moves }: Times): void {
  const seconds = waits.map(({ ms }) => ms / 1000);
  const [p50, p95, worst] = [0.5, 0.95, 1].map((share) => percentile(seconds, share)?.toFixed(2) ?? '-');
  const unexplained = moves.slice(1).filter((move) => !isExplained(move, recoveries));
  const lines = [
    recoveryTable(recoveries),
    `tasks waited for their claim, over the whole run (s): p50 ${p50}, p95 ${p95}, worst ${worst}`,
    `moves of the address that no fault explains: ${unexplained.length}`,
    ...unexplained.map(({ at, to }) => `  ${timeOfDay(at)} to ${to}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function isExplained({ at }: Move, recoveries: readonly Recovery[]): boolean {
  return recoveries.some(
    ({ strike }) => strike.fault.tier === 'proxy' && at > strike.at && at < strike.at + MOVES_WITHIN_MS,
  );
}
