import type { JobRequest } from '../../../../shared/job/job.ts';
import type { AudioStream, MediaInfo, MediaStream, OtherStream, VideoStream } from '../../../../shared/job/media.ts';
import type { PlanFacts } from '../../../../shared/job/plan/plan-facts.ts';
import { scratchOf, targetOf } from '../../../../shared/job/plan/target-of.ts';
import type { EncodeOptions } from '../../../../shared/job/profile.ts';
import { findProfile } from '../../../../shared/job/profile.ts';

const STREAM = {
  language: null,
  title: null,
  dispositions: ['default'],
  duration_seconds: 60,
  start_ticks: 0,
} as const;

export function video(changes: Partial<VideoStream> = {}): VideoStream {
  return {
    ...STREAM,
    index: 0,
    codec: 'h264',
    time_base: { num: 1, den: 12_800 },
    type: 'video',
    profile: 'High',
    width: 1920,
    height: 1080,
    pixel_format: 'yuv420p',
    sample_aspect_ratio: { num: 1, den: 1 },
    rotation: 0,
    average_frame_rate: { num: 25, den: 1 },
    frame_rate_mode: 'constant',
    field_order: 'progressive',
    color_range: 'tv',
    color_space: 'bt709',
    color_transfer: 'bt709',
    color_primaries: 'bt709',
    chroma_location: 'left',
    hdr: null,
    mastering_display: null,
    max_content_light: null,
    frame_count: 1500,
    bit_rate: 5_000_000,
    ...changes,
  };
}

export function audio(changes: Partial<AudioStream> = {}): AudioStream {
  return {
    ...STREAM,
    index: 1,
    codec: 'aac',
    time_base: { num: 1, den: 48_000 },
    type: 'audio',
    profile: 'LC',
    sample_rate: 48_000,
    channels: 2,
    channel_layout: 'stereo',
    bit_rate: 128_000,
    ...changes,
  };
}

export function other(type: OtherStream['type'], index: number, codec: string): OtherStream {
  return { ...STREAM, index, codec, time_base: { num: 1, den: 1000 }, type };
}

export function media(
  streams: readonly MediaStream[] = [video(), audio()],
  changes: Partial<MediaInfo> = {},
): MediaInfo {
  return {
    format: 'mov,mp4,m4a,3gp,3g2,mj2',
    size_bytes: 40_000_000,
    modified_ms: 1_750_000_000_000,
    fingerprint: '00',
    start_seconds: 0,
    duration_seconds: 60,
    bit_rate: 5_100_000,
    chapters: 0,
    streams,
    ...changes,
  };
}

export function request(
  profile = 'h264',
  encode: Partial<EncodeOptions> = {},
  changes: Partial<JobRequest> = {},
): JobRequest {
  const found = findProfile(profile);
  if (found === undefined) throw new Error(`no profile ${profile}`);
  const { name, description: _, ...options } = found;
  return {
    kind: 'transcode',
    input: '/media/in.mp4',
    output: '/media/out.mp4',
    profile: name,
    encode: { ...options, ...encode },
    segment: { mode: 'auto' },
    affinity: 'none',
    verify: 'fast',
    on_error: 'fail',
    overwrite: false,
    priority: 50,
    retry_attempts: 3,
    retry_delay_seconds: 5,
    timeout_seconds: 0,
    labels: [],
    ...changes,
  };
}

/** A keyframe every two seconds, at least as far as the probe looks. */
const KEYFRAMES = Array.from({ length: 29 }, (_, index) => (index + 1) * 2 * 12_800);

export const PROVED = [
  'libx264',
  'libx265',
  'libsvtav1',
  'libaom-av1',
  'libvpx-vp9',
  'mpeg2video',
  'ffv1',
  'aac',
  'libopus',
  'flac',
];

export function facts(
  changes: Partial<PlanFacts> & { media?: MediaInfo; keyframes?: readonly number[] } = {},
): PlanFacts {
  const { media: info = media(), keyframes = KEYFRAMES, ...rest } = changes;
  const asked = rest.request ?? request();
  return {
    jobId: 'job-1',
    request: asked,
    probe: { media: info, source: asked.input, remux: null, keyframes },
    provedEncoders: PROVED,
    slots: 2,
    whole: null,
    target: targetOf('job-1', asked),
    scratch: scratchOf('job-1'),
    ...rest,
  };
}
