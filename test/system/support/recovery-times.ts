import { table } from '../../../services/cli/print/table.ts';

/** What was measured, for people: times are never asserted but where the contract gives a bound. */
type Recovery = { readonly fault: string; readonly what: string; readonly seconds: number };

const recoveries: Recovery[] = [];

/** Notes how long the farm took to get over a fault. */
export function noteRecovery(fault: string, what: string, ms: number): void {
  recoveries.push({ fault, what, seconds: ms / 1000 });
}

/** All that was noted since the last call, as a table. */
export function recoveryTable(): string {
  const rows = recoveries.splice(0).map(({ fault, what, seconds }) => [fault, what, seconds.toFixed(2)]);
  return table(['fault', 'until', 'seconds'], rows);
}
