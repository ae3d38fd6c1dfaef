import type { SegmentRate } from '../../../../shared/job/task.ts';
import type { RateLimit } from '../../../../shared/job/task-settings.ts';

/** Which pass over the picture this is, where a quality alone does not decide. Prefixes are paths of this machine. */
export type VideoPass =
  | { readonly kind: 'first'; readonly prefix: string }
  /** `level`: of all segments of the file; null for the whole file at once, whose encoder chooses it. */
  | {
      readonly kind: 'second';
      readonly prefix: string;
      readonly bitrate: number;
      readonly limit: RateLimit | null;
      readonly level: number | null;
    }
  /** A segment of a constant quality within a limit. */
  | { readonly kind: 'limited'; readonly limit: RateLimit | null; readonly level: number };

/**
 * What a first pass encodes at, whatever the rate will be: the encoders' own defaults, near which most rates lie. What
 * each segment costs there, beside the others, is all that is asked.
 */
const FIRST_PASS_CRF = { libx264: 23, libx265: 28 } as const;

/** FFmpeg makes the name of libx264's statistics from a prefix and the stream's number; libx265 gets the same. */
export function statisticsLog(prefix: string): string {
  return `${prefix}-0.log`;
}

/** What the encoders call the file of their block trees, beside the log. */
export function statisticsFiles(encoder: string, prefix: string): string[] {
  const log = statisticsLog(prefix);
  return [log, `${log}.${encoder === 'libx265' ? 'cutree' : 'mbtree'}`];
}

/**
 * Options of libx264. `stitchable`: the second pass would else write into its picture parameters how many references its
 * statistics found useful, and segments that differ in that cannot share one header.
 */
export function x264PassArgs(pass: VideoPass, crf: number | null): string[] {
  const log =
    pass.kind === 'limited' ? [] : ['-pass:v', pass.kind === 'first' ? '1' : '2', '-passlogfile:v', pass.prefix];
  const params =
    pass.kind !== 'first' && pass.level !== null ? ['stitchable=1', ...(pass.limit ? ['vbv-init=1'] : [])] : [];
  return [
    ...passRate(pass, crf, FIRST_PASS_CRF.libx264),
    ...(pass.kind === 'first' || pass.level === null ? [] : ['-level:v', String(pass.level)]),
    ...log,
    ...(params.length === 0 ? [] : ['-x264-params', params.join(':')]),
  ];
}

/** The rate of libx265; the rest are parameters. */
export function x265PassArgs(pass: VideoPass, crf: number | null): string[] {
  return passRate(pass, crf, FIRST_PASS_CRF.libx265);
}

/** `info=0`: its message would hold the options, which differ from segment to segment, in what must be equal. */
export function x265PassParams(pass: VideoPass): string[] {
  const log = pass.kind === 'limited' ? [] : [`stats=${escaped(statisticsLog(pass.prefix))}`];
  if (pass.kind === 'first') return ['pass=1', 'slow-firstpass=0', ...log];
  const common =
    pass.level === null ? [] : ['info=0', `level-idc=${pass.level}`, ...(pass.limit ? ['vbv-init=1'] : [])];
  return [...common, ...(pass.kind === 'second' ? ['pass=2'] : []), ...log];
}

function passRate(pass: VideoPass, crf: number | null, firstPassCrf: number): string[] {
  if (pass.kind === 'first') return ['-crf:v', String(firstPassCrf)];
  const rate = pass.kind === 'second' ? ['-b:v', String(pass.bitrate)] : crf === null ? [] : ['-crf:v', String(crf)];
  return [...rate, ...limitArgs(pass.limit)];
}

export function limitArgs(limit: RateLimit | null | undefined): string[] {
  return limit ? ['-maxrate:v', String(limit.maxrate), '-bufsize:v', String(limit.bufsize)] : [];
}

/** Parameters are separated by colons; FFmpeg takes any character behind a backslash as it is. */
function escaped(path: string): string {
  return path.replace(/[\\':=\s]/g, String.raw`\$&`);
}

/** The pass that makes a segment of this rate; undefined: there is nothing beside the settings. */
export function passOfRate(rate: SegmentRate | null | undefined, prefix: string | null): VideoPass | undefined {
  if (!rate) return undefined;
  const { share, limit, level } = rate;
  if (share === null || prefix === null) return { kind: 'limited', limit, level };
  return { kind: 'second', prefix, bitrate: share, limit, level };
}
