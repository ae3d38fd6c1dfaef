import type { AudioStream, MediaStream, OtherStream, Rational, VideoStream } from '../../../shared/job/media.ts';
import type { FfprobeStream } from './ffprobe-answer.ts';
import { hdrOf } from './hdr.ts';

/**
 * A stream as ffprobe describes it, as the rest of ffmill knows it. `durationIsEnd`: what the file calls a duration is
 * the moment of the end, as FFmpeg writes it into Matroska (mkvmerge, by the specification, writes durations).
 */
export function mediaStream(stream: FfprobeStream, durationIsEnd: boolean): MediaStream {
  const base = {
    index: stream.index,
    codec: stream.codec_name ?? 'unknown',
    time_base: stream.time_base ?? { num: 1, den: 1 },
    start_ticks: stream.start_pts,
    duration_seconds: durationOf(stream, durationIsEnd),
    language: languageOf(stream),
    title: stream.tags.get('title') ?? null,
    dispositions: Object.keys(stream.disposition).filter((name) => stream.disposition[name] === 1),
  };
  if (stream.codec_type === 'video') return { ...base, ...videoFields(stream) };
  if (stream.codec_type === 'audio') return { ...base, ...audioFields(stream) };
  return { ...base, type: otherType(stream.codec_type) };
}

type Own<Stream> = Omit<Stream, keyof OtherStream> & Pick<Stream & MediaStream, 'type'>;

function videoFields(stream: FfprobeStream): Own<VideoStream> {
  return {
    type: 'video',
    profile: stream.profile,
    width: stream.width ?? 0,
    height: stream.height ?? 0,
    pixel_format: stream.pix_fmt ?? 'unknown',
    sample_aspect_ratio: stream.sample_aspect_ratio,
    rotation: rotationOf(stream),
    average_frame_rate: stream.avg_frame_rate,
    frame_rate_mode: frameRateMode(stream),
    field_order: stream.field_order ?? 'unknown',
    color_range: stream.color_range,
    color_space: stream.color_space,
    color_transfer: stream.color_transfer,
    color_primaries: stream.color_primaries,
    chroma_location: stream.chroma_location,
    ...hdrOf(stream.color_transfer, stream.side_data_list),
    frame_count: stream.nb_frames,
    bit_rate: stream.bit_rate,
  };
}

function audioFields(stream: FfprobeStream): Own<AudioStream> {
  return {
    type: 'audio',
    profile: stream.profile,
    sample_rate: stream.sample_rate ?? 0,
    channels: stream.channels ?? 0,
    channel_layout: stream.channel_layout,
    bit_rate: stream.bit_rate,
  };
}

function otherType(type: string | null): OtherStream['type'] {
  return type === 'subtitle' || type === 'attachment' ? type : 'data';
}

function languageOf({ tags }: FfprobeStream): string | null {
  const language = tags.get('language') ?? 'und';
  return language === 'und' ? null : language;
}

/** Matroska keeps a stream's duration in a tag alone. */
function durationOf(stream: FfprobeStream, durationIsEnd: boolean): number | null {
  if (stream.duration !== null) return stream.duration;
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(stream.tags.get('duration') ?? '');
  if (match === null) return null;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1).map(Number);
  const tagged = hours * 3600 + minutes * 60 + seconds;
  return durationIsEnd ? lengthUntil(tagged, stream.start_time) : tagged;
}

/** Seconds from the start to a moment; null when the moment is not known. */
export function lengthUntil(end: number | null, start: number | null): number | null {
  return end === null ? null : Math.max(0, end - (start ?? 0));
}

/** FFmpeg counts the display matrix's angle against the clock. Angles between the quarters are rounded to them. */
function rotationOf({ side_data_list }: FfprobeStream): number {
  const matrix = side_data_list.find(({ side_data_type }) => side_data_type === 'Display Matrix');
  const counterClockwise = typeof matrix?.rotation === 'number' ? matrix.rotation : 0;
  return (((Math.round(-counterClockwise / 90) * 90) % 360) + 360) % 360;
}

/** Relative difference of two rates that is still rounding: a wrong duration of the last of a thousand frames. */
const RATE_TOLERANCE = 0.001;

/**
 * `r_frame_rate` is the lowest rate whose ticks meet every time stamp (guessed from the first seconds), `avg_frame_rate`
 * comes from the container: MP4 divides frames by duration, Matroska inverts its default duration, MPEG-TS measures the
 * first seconds. Where the two agree the rate is constant. Fields count twice in the first, once in the second.
 */
function frameRateMode(stream: FfprobeStream): VideoStream['frame_rate_mode'] {
  const { r_frame_rate: nominal, avg_frame_rate: average } = stream;
  if (nominal === null || average === null) return 'unknown';
  const ratio = hertz(nominal) / hertz(average);
  const interlaced = stream.field_order !== null && stream.field_order !== 'progressive';
  return agree(ratio, 1) || (interlaced && agree(ratio, 2)) ? 'constant' : 'variable';
}

function agree(ratio: number, wanted: number): boolean {
  return Math.abs(ratio / wanted - 1) < RATE_TOLERANCE;
}

function hertz({ num, den }: Rational): number {
  return num / den;
}
