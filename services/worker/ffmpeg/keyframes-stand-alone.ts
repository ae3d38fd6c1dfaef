import { type Rational, ticksToSeconds } from '../../../shared/job/media.ts';
import { inputOptions } from './input-options.ts';
import { readOutput } from './read-output.ts';

type KeyframeLook = {
  readonly ffprobe: string;
  readonly path: string;
  readonly streamIndex: number;
  readonly timeBase: Rational;
  /** In ticks, as `keyframesBefore` finds them. */
  readonly keyframes: readonly number[];
  readonly signal: AbortSignal;
};

/** How a stream was encoded does not change on the way: a few of its keyframes tell. */
const LOOKED_AT = 12;

/**
 * Whether decoding can really begin at the keyframes. Streams that are refreshed little by little (x264's
 * `intra-refresh`) mark the beginning of each refresh as a keyframe, and what is decoded from there on is wrong for
 * seconds without any message. Of a true keyframe the packet alone gives a whole picture.
 */
export async function keyframesStandAlone(look: KeyframeLook): Promise<boolean> {
  const { ffprobe: binary, path, streamIndex, timeBase, signal } = look;
  const step = Math.max(1, Math.ceil(look.keyframes.length / LOOKED_AT));
  const looked = look.keyframes.filter((_, index) => index % step === 0);
  if (looked.length === 0) return true;
  const intervals = looked.map((ticks) => `${ticksToSeconds(ticks, timeBase).toFixed(6)}%+#1`).join(',');
  const args = [
    ...['-hide_banner', '-loglevel', 'quiet', '-select_streams', String(streamIndex), '-read_intervals', intervals],
    ...['-show_entries', 'packet=flags:frame=pict_type', '-of', 'csv', ...inputOptions(path)],
  ];
  return everyKeyframeIsWhole(await readOutput({ binary, args, signal }));
}

/** Lines `packet,K__` and `frame,I`. Before an edit list's beginning a packet (`packet,KD_`) gives none by design. */
export function everyKeyframeIsWhole(lines: string): boolean {
  const keyframes = lines.match(/^packet,K(?!D)/gm) ?? [];
  const pictures = lines.match(/^frame,I/gm) ?? [];
  return pictures.length === keyframes.length;
}
