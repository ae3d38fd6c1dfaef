import type {
  AssembleSpec,
  AudioSpec,
  Expectation,
  SegmentSpec,
  TranscodeSpec,
} from '../../../../../shared/job/task.ts';
import type { VideoSettings } from '../../../../../shared/job/task-settings.ts';
import { audio, media, video } from '../../../job/plan/sample-facts.ts';

export function videoSettings(changes: Partial<VideoSettings> = {}): VideoSettings {
  return {
    codec: 'h264',
    encoder: 'libx264',
    preset: 'medium',
    crf: 21,
    bitrate: null,
    limit: null,
    lossless: false,
    pixel_format: 'yuv420p',
    scale: null,
    pixel_aspect: { num: 1, den: 1 },
    gop_frames: 50,
    color: { space: 'bt709', transfer: 'bt709', primaries: 'bt709' },
    hdr10: null,
    ...changes,
  };
}

export function segmentSpec(changes: Partial<SegmentSpec> = {}): SegmentSpec {
  return {
    kind: 'segment',
    source: '/media/in.mp4',
    stream_index: 0,
    time_base: { num: 1, den: 12_800 },
    start_ticks: 128_000,
    end_ticks: 256_000,
    origin_ticks: 0,
    expected_seconds: 10,
    settings: videoSettings(),
    on_error: 'fail',
    scratch: '${scratch}/job-1',
    ...changes,
  };
}

export function audioSpec(changes: Partial<AudioSpec> = {}): AudioSpec {
  return {
    kind: 'audio',
    source: '/media/in.mp4',
    container: 'mp4',
    time_base: { num: 1, den: 12_800 },
    settings: { codec: 'aac', encoder: 'aac', bitrate: 160_000, channels: null, from_zero: false },
    audio: [1, 2],
    subtitles: [],
    attachments: [],
    shifted: false,
    origin_seconds: 0,
    on_error: 'fail',
    expected_seconds: 60,
    scratch: '${scratch}/job-1',
    ...changes,
  };
}

const EXPECT: Expectation = {
  ...{ frames: 500, duration_seconds: 20, video_seconds: 20, video: true, video_codec: 'h264' },
  ...{ audio_streams: 1, encoded: ['video', 'audio'], subtitle_streams: 0, width: 1920, height: 1080 },
};

const COMMON = {
  source: '/media/in.mp4',
  input: '/media/in.mp4',
  input_size_bytes: 1,
  input_modified_ms: 1,
  input_fingerprint: '00',
  expect: EXPECT,
  verify: 'fast',
  on_error: 'fail',
  expected_seconds: 20,
} as const;

const TARGET = { output: '/media/out.mp4', container: 'mp4', overwrite: false, parts: '/media/.ffmill-job-1' } as const;

export function assembleSpec(changes: Partial<AssembleSpec> = {}): AssembleSpec {
  return {
    kind: 'assemble',
    ...COMMON,
    video: {
      stream_index: 0,
      time_base: { num: 1, den: 12_800 },
      first_shown_ticks: null,
      settings: videoSettings(),
      language: null,
      title: null,
      dispositions: ['default'],
    },
    origin_seconds: 0,
    segments: [
      {
        ordinal: 0,
        file: { path: '/s/0', size_bytes: 1 },
        frames: 250,
        first_ticks: 0,
        last_ticks: 127_488,
        damage: [],
      },
      {
        ordinal: 1,
        file: { path: '/s/1', size_bytes: 1 },
        frames: 250,
        first_ticks: 128_000,
        last_ticks: 255_488,
        damage: [],
      },
    ],
    rest: { path: '/s/rest', size_bytes: 1 },
    rest_shifted: false,
    attachments: [],
    damage: [],
    target: TARGET,
    ...changes,
  };
}

export function transcodeSpec(changes: Partial<TranscodeSpec> = {}): TranscodeSpec {
  return {
    kind: 'transcode',
    ...COMMON,
    media: media([video(), audio()]),
    video: videoSettings(),
    audio: audioSpec().settings,
    origin_seconds: 0,
    subtitles: [],
    attachments: [],
    target: TARGET,
    ...changes,
  };
}
