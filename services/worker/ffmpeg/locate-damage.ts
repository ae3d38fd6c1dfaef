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

/**
 * Where a stream is damaged, in the order of time: it is decoded once more in a single thread, which is worth its time
 * only when an encode has complained.
 *
 * @throws AppError what `runFfmpeg` throws. The signal's reason when it was aborted.
 */
export async function locateDamage(search: Search): Promise<DamagedStretch[]> {
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
  return within(search, reader.stretches());
}

/** What lies before a stretch or behind it is another look's. */
function within({ from, to }: DamageLook, stretches: readonly DamagedStretch[]): DamagedStretch[] {
  return stretches.filter((one) => (from === null || one.to >= from) && (to === null || one.from < to));
}
