import { ffprobe } from '../support/ffmpeg.ts';

type Tags = Readonly<Record<string, string>>;
type ProbedStream = Readonly<Record<string, unknown>> & {
  readonly index: number;
  readonly codec_type: string;
  readonly codec_name?: string;
  readonly color_transfer?: string;
  readonly tags?: Tags;
  readonly disposition?: Readonly<Record<string, number>>;
  readonly side_data_list?: readonly Readonly<Record<string, unknown>>[];
};

/** What of a stream is to be kept or, in two files that should be alike, to be the same. Absent: not said. */
export type StreamLook = {
  readonly type: string;
  readonly codec: string;
  readonly language: string | undefined;
  readonly title: string | undefined;
  readonly dispositions: readonly string[];
  /** Pictures: size, shape of the pixels, format, colors. Sound: layout and rate. By ffprobe's names. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** Side data of the stream and of its first picture: HDR metadata, rotation. */
  readonly sideData: Readonly<Record<string, unknown>>;
};

export type FileLook = {
  /** The demuxer, as FFmpeg names it. */
  readonly format: string;
  readonly streams: readonly StreamLook[];
  readonly chapters: readonly string[];
  readonly title: string | undefined;
};

export const COLORS = ['color_range', 'color_space', 'color_transfer', 'color_primaries'];
const PICTURE = ['width', 'height', 'sample_aspect_ratio', 'pix_fmt', 'field_order', ...COLORS];
const SOUND = ['sample_rate', 'channels', 'channel_layout'];
/** Says where a decoder's work went, not what is shown. */
const PASSING = ['H.26[45] User Data Unregistered SEI message', 'CPB properties', '3D Reference Displays Information'];

export async function describeFile(path: string): Promise<FileLook> {
  const options = ['-of', 'json', '-show_streams', '-show_chapters', '-show_format'];
  const { streams, chapters, format } = JSON.parse(await ffprobe(...options, path)) as {
    streams: readonly ProbedStream[];
    chapters: readonly { start_time: string; end_time: string; tags?: Tags }[];
    format: { format_name: string; tags?: Tags };
  };
  return {
    format: format.format_name,
    streams: await Promise.all(streams.map((stream) => lookAt(path, stream))),
    chapters: chapters.map(
      ({ start_time: start, end_time: end, tags }) => `${seconds(start)}-${seconds(end)} ${tagOf(tags, 'title')}`,
    ),
    title: tagOf(format.tags, 'title'),
  };
}

/** The main picture, which is not a cover. */
export function pictureOf({ streams }: FileLook): StreamLook | undefined {
  return streams.find(({ type, dispositions }) => type === 'video' && !dispositions.includes('attached_pic'));
}

async function lookAt(path: string, stream: ProbedStream): Promise<StreamLook> {
  const { codec_type: type, codec_name: codec = 'none', tags, disposition = {} } = stream;
  const wanted = type === 'video' ? PICTURE : type === 'audio' ? SOUND : [];
  const language = tagOf(tags, 'language');
  return {
    type,
    codec,
    language: language === 'und' ? undefined : language,
    title: tagOf(tags, 'title'),
    dispositions: Object.keys(disposition).filter((name) => disposition[name] === 1),
    fields: Object.fromEntries(wanted.flatMap((name) => (says(stream[name]) ? [[name, stream[name]]] : []))),
    sideData: { ...bySort(stream.side_data_list), ...(await firstPicture(path, stream)) },
  };
}

/** A limited range is what everyone takes a picture for that says nothing. */
function says(value: unknown): boolean {
  return value !== undefined && value !== 'tv';
}

/** HDR metadata may stand in the pictures alone. */
async function firstPicture(path: string, stream: ProbedStream): Promise<Record<string, unknown>> {
  if (stream.codec_type !== 'video' || stream.color_transfer !== 'smpte2084') return {};
  const select = ['-select_streams', String(stream.index), '-read_intervals', '%+#1', '-show_frames', '-of', 'json'];
  const { frames } = JSON.parse(await ffprobe(...select, '-show_entries', 'frame=side_data_list', path)) as {
    frames: readonly { side_data_list?: ProbedStream['side_data_list'] }[];
  };
  return bySort(frames[0]?.side_data_list);
}

function bySort(list: ProbedStream['side_data_list'] = []): Record<string, unknown> {
  return Object.fromEntries(
    list
      .filter(({ side_data_type: sort }) => !PASSING.includes(String(sort)))
      .map(({ side_data_type: sort, ...data }) => [String(sort), data]),
  );
}

function tagOf(tags: Tags | undefined, name: string): string | undefined {
  return Object.entries(tags ?? {}).find(([key]) => key.toLowerCase() === name)?.[1];
}

const seconds = (text: string) => Number(text).toFixed(2);
