import type { ClientCall } from '../system/support/farm-client.ts';
import type { Measure } from './faults.ts';
import type { History } from './read-history.ts';
import type { Strike } from './start-striking.ts';
import type { Gap } from './watch-writes.ts';

/** How the farm got over one strike: seconds, or requests, by the measure of its fault. */
export type Recovery = {
  readonly strike: Strike;
  /** No fault of another tier fell into its time: only such strikes are held to a target. */
  readonly isClean: boolean;
  readonly samples: readonly number[];
};

type Evidence = History & {
  readonly strikes: readonly Strike[];
  readonly gaps: readonly Gap[];
  readonly failed: readonly Pick<ClientCall, 'at' | 'ms'>[];
};

/** For so long at least what happens is put down to a strike; shorter than the time to the next one. */
const EFFECT_MS = 8_000;

/** What each strike did to tasks, requests, writes and dispatch. */
export function measureRecoveries(evidence: Evidence): Recovery[] {
  return evidence.strikes.map((strike) => ({
    strike,
    isClean: isClean(strike, evidence.strikes),
    samples: MEASURES[strike.fault.measure](strike, evidence),
  }));
}

const MEASURES: Readonly<Record<Measure, (strike: Strike, evidence: Evidence) => number[]>> = {
  /** A sample for each task that the worker held: it may have held none. */
  takeover: ({ at, hit }, { interruptions }) =>
    interruptions
      .filter(({ container, startedAt, endedAt }) => container === hit && startedAt <= at && endedAt > at)
      .map(({ nextAt }) => (nextAt - at) / 1000),
  'failed requests': (strike, { failed }) => [failed.filter(isInEffectOf(strike)).length],
  'gap in writes': (strike, { gaps }) => [longestSeconds(gaps.filter(isInEffectOf(strike)))],
  'stalled dispatch': (strike, { waits }) => [longestSeconds(waits.filter(isInEffectOf(strike)))],
};

type Span = { readonly at: number; readonly ms: number };

/** Whether a span of time lies at least in part in that of a strike. */
function isInEffectOf(strike: Strike): (span: Span) => boolean {
  return ({ at, ms }) => at < effectUntil(strike) && at + ms > strike.at;
}

function isClean(strike: Strike, strikes: readonly Strike[]): boolean {
  return strikes.every(
    ({ fault, at, brokenUntil }) =>
      fault.tier === strike.fault.tier || at >= effectUntil(strike) || brokenUntil <= strike.at,
  );
}

function effectUntil({ at, fault }: Strike): number {
  return at + Math.max(EFFECT_MS, fault.lastsMs);
}

function longestSeconds(spans: readonly Span[]): number {
  return Math.max(0, ...spans.map(({ ms }) => ms)) / 1000;
}
