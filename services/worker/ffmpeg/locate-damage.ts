import { type DamageLook, damageArgs } from './args/damage-args.ts';
import { type DamagedStretch, readDamage } from './read-damage.ts';
import { runFfmpeg } from './run.ts';

type Search = DamageLook & {
  /** Absolute path of ffmpeg. */
  readonly ffmpeg: string;
  readonly signal: AbortSignal;
  readonly stallMs: number;
  /** The file is two recordings in one: counters that jump are no damage. */
  readonly joined: boolean;
  /** End at the first place. */
  readonly firstOnly: boolean;
};

export type LocatedDamage = {
  /** What was looked for, in the order of time. */
  readonly inside: readonly DamagedStretch[];
  /** Whether there was a complaint of what lies before the stretch or behind it, which is another look's, or of headers. */
  readonly elsewhere: boolean;
};

/**
 * Where a stream is damaged: it is decoded once more in a single thread, which is worth its time only when an encode has
 * complained.
 *
 * @throws AppError what `runFfmpeg` throws. The signal's reason when it was aborted.
 */
export async function locateDamage(search: Search): Promise<LocatedDamage> {
  const reader = readDamage(search.type, search.from ?? 0, search.joined);
  const enough = new AbortController();
  try {
    await runFfmpeg({
      ...{ binary: search.ffmpeg, args: damageArgs(search), stallMs: search.stallMs },
      signal: AbortSignal.any([search.signal, enough.signal]),
      onLine(line) {
        reader.add(line);
        if (search.firstOnly && !enough.signal.aborted && within(search, reader.stretches()).length > 0) enough.abort();
      },
    });
  } catch (error) {
    search.signal.throwIfAborted();
    if (!enough.signal.aborted) throw error;
  }
  reader.end();
  const inside = within(search, reader.stretches());
  return { inside, elsewhere: inside.length < reader.stretches().length || reader.complainedOfHeaders() };
}

function within({ from, to }: DamageLook, stretches: readonly DamagedStretch[]): DamagedStretch[] {
  return stretches.filter((one) => (from === null || one.to >= from) && (to === null || one.from < to));
}
