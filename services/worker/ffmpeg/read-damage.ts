import { findInputDamage, findSkipped } from './input-damage.ts';

/** A stretch of a stream that did not decode as it should, in seconds on the file's own clock. */
export type DamagedStretch = { readonly from: number; readonly to: number; readonly message: string };

/** What a demuxer says of a packet where the counters of a transport stream jump. */
const COUNTER_JUMPS = /corrupt input packet/;

type DamageReader = {
  add(line: string): void;
  /** What has been found so far. */
  stretches(): readonly DamagedStretch[];
  /** Whether a demuxer complained before the first packet of what may be an index: that has no place, and is no damage. */
  complainedOfHeaders(): boolean;
  /** There are no more lines. */
  end(): void;
};

/** A packet comes out of the demuxer. 5.1 and 7.1. */
const PACKET = /\bdemuxer -> /;

/** Damage less far apart is one place. */
const ONE_PLACE_SECONDS = 1;

/** A picture that comes out of the decoder; sound is only told of when it goes into the encoder. 5.1 and 7.1. */
const MOMENTS = {
  video: /\bdecoder -> .*?(?:best_effort_ts_time|\bpts_time):(-?[\d.]+)/,
  audio: /\bencoder <- .*?frame_pts_time:(-?[\d.]+)/,
} as const;

/**
 * Takes the lines of a run of `damageArgs` one by one. A complaint is about the next frame; what comes after the last
 * frame is about the end. `from`: where the run began to read; `joined`: that counters jump is known and no damage.
 */
export function readDamage(type: 'video' | 'audio', from: number, joined = false): DamageReader {
  const found: DamagedStretch[] = [];
  let open: string | null = null;
  let seconds = from;
  let reading = false;
  let ofHeaders = false;

  const complaintOf = (line: string) => {
    if (joined && COUNTER_JUMPS.test(line)) return null;
    reading ||= PACKET.test(line);
    const skipped = findSkipped(line);
    const damage = findInputDamage([line]) ?? (reading ? skipped : null);
    ofHeaders ||= skipped !== null && damage === null;
    return damage;
  };
  const place = () => {
    if (open === null) return;
    const last = found.at(-1);
    if (last !== undefined && seconds - last.to <= ONE_PLACE_SECONDS)
      found[found.length - 1] = { ...last, to: seconds };
    else found.push({ from: seconds, to: seconds, message: open });
    open = null;
  };
  return {
    add(line) {
      const moment = MOMENTS[type].exec(line)?.[1];
      if (moment === undefined) open ??= complaintOf(line);
      else {
        seconds = Number(moment);
        place();
      }
    },
    stretches: () => found,
    complainedOfHeaders: () => ofHeaders,
    end: place,
  };
}
