import { type Pick, shuffled } from '../support/seeded-random.ts';
import { type Fault, FFMPEG_KILLED, OTHER_FAULTS, PROMISED_FAULTS } from './faults.ts';

/** A fault, and which of its candidates it hits. */
export type PlannedFault = { readonly fault: Fault; readonly choice: number };

export const STRIKE_EVERY_MS = 10_000;
/** Each so-many-th strike is of two tiers at once. */
const DOUBLE_EVERY = 5;
/** A second fault leaves the tiers of so many slots before it alone: a broker node may take half a minute to start. */
const RESTS_FOR = 3;

/**
 * What is struck in each slot of `STRIKE_EVERY_MS`, the same for the same `pick`, however many slots there are. A round
 * has each fault once and those with a promise twice. A fault that lasts longer than a slot is followed by one of its own
 * tier, so that its recovery is measured in a farm that is otherwise well.
 */
export function planStrikes(slots: number, pick: Pick): readonly (readonly PlannedFault[])[] {
  const plan: PlannedFault[][] = [];
  while (plan.length < slots)
    for (const fault of planRound(pick)) {
      const isDouble = plan.length % DOUBLE_EVERY === DOUBLE_EVERY - 1;
      const faults = isDouble ? [fault, companionOf(fault, plan.slice(-RESTS_FOR), pick)] : [fault];
      plan.push(faults.map((one) => ({ fault: one, choice: pick(1000) })));
    }
  return plan.slice(0, slots);
}

function planRound(pick: Pick): Fault[] {
  const promised = shuffled(PROMISED_FAULTS, pick);
  const all = shuffled([...PROMISED_FAULTS, ...OTHER_FAULTS], pick);
  return [...promised, ...all].flatMap((fault) => (isLong(fault) ? [fault, FFMPEG_KILLED] : [fault]));
}

function companionOf(fault: Fault, before: readonly (readonly PlannedFault[])[], pick: Pick): Fault {
  const tired = new Set([fault, ...before.flat().map((planned) => planned.fault)].map(({ tier }) => tier));
  const others = [...PROMISED_FAULTS, ...OTHER_FAULTS].filter((one) => !tired.has(one.tier) && !isLong(one));
  return others[pick(others.length)] ?? FFMPEG_KILLED;
}

function isLong({ lastsMs }: Fault): boolean {
  return lastsMs > STRIKE_EVERY_MS;
}
