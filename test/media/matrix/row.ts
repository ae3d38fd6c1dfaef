import type { EncodeOptions } from '../../../shared/job/profile.ts';
import type { Source } from './source.ts';

export type ResultContainer = 'mp4' | 'mov' | 'mkv' | 'webm';

/** A source, what is made of it, and what is expected to come out. */
export type Row = {
  /** What is special about the source. */
  readonly name: string;
  readonly source: Source;
  readonly to: ResultContainer;
  /** Why it is not cut, in the words of the job; absent: it is cut. */
  readonly whole?: string;
  /** Why it is cut in the lossless profile and not in the ordinary one. */
  readonly wholeOrdinary?: string;
  /** Seconds that a segment is to last. */
  readonly segmentSeconds: number;
  /** The ordinary profile, and what stands over it. */
  readonly profile: string;
  readonly encode: Partial<EncodeOptions>;
  /** Stands over the lossless profile. */
  readonly lossless: Partial<EncodeOptions>;
  /** What of the source the result's container cannot hold, or ffmill is known to leave out: `cover`, `font`, `pgs` … */
  readonly lost: readonly string[];
  /** Long enough for what the seams cost to be measured. */
  readonly seams: boolean;
};

type Said = Pick<Row, 'name' | 'source'> & Partial<Row>;

/** A row, with what goes without saying. */
export function row(said: Said): Row {
  const { container } = said.source;
  const to = container === 'mov' || container === 'mkv' || container === 'webm' ? container : 'mp4';
  const vp9 = { video_codec: 'vp9', preset: '8', crf: 40, audio_codec: 'opus' } as const;
  return {
    to,
    segmentSeconds: 1.4,
    profile: 'h264',
    encode: (said.to ?? to) === 'webm' ? vp9 : { preset: 'ultrafast' },
    lossless:
      (said.to ?? to) === 'webm' ? { video_codec: 'vp9', preset: '8', audio_codec: 'opus' } : { preset: 'ultrafast' },
    lost: [],
    seams: false,
    ...said,
  };
}
