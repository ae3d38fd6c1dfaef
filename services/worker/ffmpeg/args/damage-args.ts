import { inputOptions } from '../input-options.ts';

/** Where damage is looked for: one stream, all of it or a stretch in seconds on the file's own clock. */
export type DamageLook = {
  readonly path: string;
  readonly stream: number;
  readonly type: 'video' | 'audio';
  /** null: from the beginning, to the end. */
  readonly from: number | null;
  readonly to: number | null;
};

/** As much before a stretch as an encode of it reads: what damages it may lie there. */
const RUN_UP_SECONDS = 0.5;
/** Frames come out later than their packets go in. */
const RUN_OUT_SECONDS = 2;
const TRIM = { video: ['-vf', 'trim'], audio: ['-af', 'atrim'] } as const;

/**
 * Decodes one stream in one thread and has FFmpeg tell the moment of each frame (`-debug_ts`), so that a complaint
 * stands next to the frame that it is about. A filter ends the look, and with it the reading, at a moment of the file's
 * own clock: `-t` and `-to` of an input count from the first packet that is read, and that is the keyframe before.
 */
export function damageArgs({ path, stream, type, from, to }: DamageLook): string[] {
  const begin = from === null ? null : from - RUN_UP_SECONDS;
  const seek = begin === null ? [] : ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', begin.toFixed(6)];
  const [option, trim] = TRIM[type];
  const end = to === null ? [] : [option, `${trim}=end=${(to + RUN_OUT_SECONDS).toFixed(6)}`];
  return [
    ...['-loglevel', 'level+info', '-debug_ts', '-threads', '1', '-copyts', ...seek, ...inputOptions(path)],
    ...['-map', `0:${stream}`, ...end],
    ...(type === 'video' ? ['-fps_mode', 'passthrough', '-enc_time_base:v', '-1'] : []),
    ...['-f', 'null', '-'],
  ];
}
