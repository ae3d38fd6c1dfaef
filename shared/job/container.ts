import type { AudioCodec, VideoCodec } from './codecs.ts';

type Container = {
  readonly muxer: string;
  readonly extensions: readonly string[];
  readonly video: readonly VideoCodec[] | null;
  readonly audio: readonly AudioCodec[] | null;
  /** How text subtitles are written; null leaves them out. */
  readonly textSubtitles: 'mov_text' | 'copy' | 'webvtt' | null;
  readonly attachments: boolean;
  /** Segments are joined as fragmented MP4: needs a container whose time stamps are as fine as the source's. */
  readonly joinable: boolean;
};

/**
 * The containers that ffmill writes, found by the output's extension, with FFmpeg's name of the muxer and what may go
 * in. `null` for codecs means anything. Sources: the codec tags of libavformat's movenc.c and matroska.c, the WebM
 * container guidelines.
 */
export const CONTAINERS = {
  mp4: {
    muxer: 'mp4',
    extensions: ['mp4', 'm4v'],
    video: ['h264', 'hevc', 'av1', 'vp9', 'mpeg2'],
    audio: ['aac', 'opus', 'ac3', 'mp3', 'flac'],
    textSubtitles: 'mov_text',
    attachments: false,
    joinable: true,
  },
  mov: {
    muxer: 'mov',
    extensions: ['mov'],
    video: ['h264', 'hevc', 'mpeg2'],
    audio: ['aac', 'ac3', 'mp3', 'pcm'],
    textSubtitles: 'mov_text',
    attachments: false,
    joinable: true,
  },
  matroska: {
    muxer: 'matroska',
    extensions: ['mkv'],
    video: null,
    audio: null,
    textSubtitles: 'copy',
    attachments: true,
    joinable: true,
  },
  webm: {
    muxer: 'webm',
    extensions: ['webm'],
    video: ['av1', 'vp9'],
    audio: ['opus'],
    textSubtitles: 'webvtt',
    attachments: false,
    joinable: true,
  },
  mpegts: {
    muxer: 'mpegts',
    extensions: ['ts', 'm2ts'],
    video: ['h264', 'hevc', 'mpeg2'],
    audio: ['aac', 'ac3', 'mp3', 'opus'],
    textSubtitles: null,
    attachments: false,
    joinable: false,
  },
  m4a: {
    muxer: 'ipod',
    extensions: ['m4a'],
    video: [],
    audio: ['aac', 'ac3'],
    textSubtitles: null,
    attachments: false,
    joinable: false,
  },
  ogg: {
    muxer: 'opus',
    extensions: ['opus', 'ogg'],
    video: [],
    audio: ['opus', 'flac'],
    textSubtitles: null,
    attachments: false,
    joinable: false,
  },
  flac: {
    muxer: 'flac',
    extensions: ['flac'],
    video: [],
    audio: ['flac'],
    textSubtitles: null,
    attachments: false,
    joinable: false,
  },
  mp3: {
    muxer: 'mp3',
    extensions: ['mp3'],
    video: [],
    audio: ['mp3'],
    textSubtitles: null,
    attachments: false,
    joinable: false,
  },
  wav: {
    muxer: 'wav',
    extensions: ['wav'],
    video: [],
    audio: ['pcm'],
    textSubtitles: null,
    attachments: false,
    joinable: false,
  },
} as const satisfies Record<string, Container>;

export type ContainerName = keyof typeof CONTAINERS;

/** The container that a file name's extension names; undefined when ffmill writes none such. */
export function containerOf(fileName: string): ContainerName | undefined {
  const extension = /\.([^./]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return (Object.keys(CONTAINERS) as ContainerName[]).find((name) =>
    (CONTAINERS[name].extensions as readonly string[]).includes(extension),
  );
}

/** The container's row, with the types of the table's columns. */
export function container(name: ContainerName): Container {
  return CONTAINERS[name];
}
