import type { ClientCall } from '../system/support/farm-client.ts';
import { say, timeOfDay } from './say.ts';
import type { Strike } from './start-striking.ts';
import type { Move } from './watch-address.ts';

/** Longer than any fault should hold up a request. */
const SLOW_MS = 5_000;
/** What was mended so long ago may still have its effects. */
const AFTERMATH_MS = 10_000;

/** What was going on in the farm, for the lines about slow requests. */
type Surroundings = { readonly strikes: readonly Strike[]; readonly moves: readonly Move[] };

/** Keeps the calls that failed, of all the soak's clients, and tells at once of each that took long. */
export function createRequestLog(surroundings: () => Surroundings) {
  const failed: ClientCall[] = [];
  return {
    failed,
    observe(call: ClientCall): void {
      if (call.reason !== '') failed.push(call);
      if (call.ms > SLOW_MS) say(describeSlow(call, surroundings()));
    },
  };
}

function describeSlow({ call, at, ms, status, reason, servedBy }: ClientCall, around: Surroundings): string {
  const end = at + ms;
  const broken = around.strikes
    .filter((strike) => strike.at < end && strike.brokenUntil + AFTERMATH_MS > at)
    .map(({ fault, hit, at: struckAt, brokenUntil }) => {
      const until = brokenUntil === Number.POSITIVE_INFINITY ? 'not mended' : `mended from ${timeOfDay(brokenUntil)}`;
      return `${fault.name} (${hit}, ${timeOfDay(struckAt)}, ${until})`;
    });
  const moves = around.moves
    .filter((move) => move.at > at - AFTERMATH_MS && move.at < end)
    .map((move) => `to ${move.to} at ${timeOfDay(move.at)}`);
  return [
    `slow: ${call}, sent ${timeOfDay(at)}, ${(ms / 1000).toFixed(1)} s, ${status ?? 'no answer'} from ${servedBy} ${reason}`.trim(),
    `  faults: ${broken.join('; ') || 'none'}; the address moved: ${moves.join(', ') || 'no'}`,
  ].join('\n');
}
