import type { AssembleSpec } from '../../../../shared/job/task.ts';
import { fileUrl, inputOptions } from '../input-options.ts';
import { muxerArgs } from './muxer-args.ts';
import { SHIFT_SECONDS } from './shift-seconds.ts';

/**
 * With several inputs FFmpeg reads each in a thread, eight packets ahead, and sleeps 10 ms whenever one has none ready:
 * a join of 59 MB took 0.95 s with 8, 0.2 s with 128, and no less with 4096. More would only hold more in memory.
 */
const QUEUE = ['-thread_queue_size', '128'];

type Join = {
  readonly spec: AssembleSpec;
  readonly source: string;
  /** The file of sound, subtitles and what goes along with them; null when there is neither. */
  readonly rest: string | null;
  /** By how many ticks of the rest's clock each of its streams of sound is read too early. */
  readonly delayLost: readonly number[];
  readonly output: string;
};

/**
 * Joins the segments, whose bytes come through standard input (the header that each brings is passed over), with the
 * rest. Tags and chapters, and attached files without a rest, come from an input of their own, which must not be shifted:
 * the rest, else the source, whose chapters count from its own zero.
 */
export function joinArgs({ spec, source, rest, delayLost, output }: Join): string[] {
  const { language, title, dispositions, settings, time_base: timeBase } = spec.video;
  const early = ['-itsoffset', String(-SHIFT_SECONDS)];
  return [
    ...['-y', '-copyts', ...(rest === null ? ['-itsoffset', String(-spec.origin_seconds)] : [])],
    ...inputOptions(rest ?? source),
    ...[...QUEUE, ...early, '-f', 'mov', '-i', 'pipe:0'],
    ...(rest === null ? [] : [...QUEUE, ...(spec.rest_shifted ? early : []), ...inputOptions(rest)]),
    ...['-map', '1:v:0', ...(rest === null ? [] : ['-map', '2:a?', '-map', '2:s?', '-map', '2:t?'])],
    ...spec.attachments.flatMap((index) => ['-map', `0:${index}`]),
    ...['-c', 'copy', '-map_metadata', '0', '-map_chapters', '0'],
    ...Array.from({ length: spec.expect.audio_streams }, (_, index) =>
      timeArgs(spec, index, delayLost[index] ?? 0),
    ).flat(),
    ...(language === null ? [] : ['-metadata:s:v:0', `language=${language}`]),
    ...(title === null ? [] : ['-metadata:s:v:0', `title=${title}`]),
    ...['-disposition:v:0', dispositions.length === 0 ? '0' : dispositions.join('+')],
    ...muxerArgs(spec.target.container, { codec: settings.codec, timeBase, seconds: spec.expected_seconds }),
    fileUrl(output),
  ];
}

/**
 * How long a packet lasts; as long as the one before where the demuxer knows nothing, as that of MP4 of the last packet
 * of a stream that begins late.
 */
const LASTS = String.raw`duration=if(gt(DURATION\,0)\,DURATION\,PREV_INDURATION)`;

/**
 * Puts right what is read of the times of a stream of sound. A copied last packet without a duration would be hidden by
 * the result's edit list; sound that was encoded here begins at zero, where durations are read well.
 */
function timeArgs({ expect, target }: AssembleSpec, index: number, ticks: number): string[] {
  const copied = !expect.encoded.includes('audio') && (target.container === 'mp4' || target.container === 'mov');
  const repairs = [...(ticks === 0 ? [] : [`ts=TS+(${ticks})`]), ...(copied ? [LASTS] : [])];
  return repairs.length === 0 ? [] : [`-bsf:a:${index}`, `setts=${repairs.join(':')}`];
}
