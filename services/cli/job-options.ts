import type { OptionSpec } from './command.ts';

/** What `transcode` and `submit` may say about a job. The names are the API's, with dashes, but for `--retries`. */
export const JOB_OPTIONS = {
  profile: { value: 'NAME', help: 'how to encode (see: ffmill profiles); default h264' },
  segment: { value: 'auto|off|SECONDS', help: 'cut into segments: by itself, not at all, of about so many seconds' },
  overwrite: { value: null, help: 'replace OUT if it exists' },
  verify: { value: 'fast|full', help: 'what is checked before OUT is published; full decodes all of it' },
  'on-error': { value: 'fail|conceal', help: 'a damaged IN: end the job, or go on with what FFmpeg makes of it' },
  'video-codec': { value: 'NAME', help: 'h264, hevc, av1, vp9, mpeg2, ffv1, an encoder of FFmpeg, copy or none' },
  hardware: { value: 'auto|never|prefer|require', help: 'GPU encoders; auto takes one only where software is missing' },
  crf: { value: 'N', help: 'constant quality, in the scale of the software encoder' },
  preset: { value: 'NAME', help: 'speed of the encoder, e.g. veryfast' },
  'video-bitrate': { value: 'RATE', help: 'bits a second, e.g. 5M, instead of constant quality' },
  maxrate: { value: 'RATE', help: 'limit of the rate for a receiver that buffers --bufsize (H.264, HEVC in software)' },
  bufsize: { value: 'BITS', help: 'bits that the receiver buffers, e.g. 10M; with --maxrate' },
  'pixel-format': { value: 'NAME', help: 'e.g. yuv420p' },
  width: { value: 'PIXELS', help: 'at most so wide; the aspect is kept' },
  height: { value: 'PIXELS', help: 'at most so high; the aspect is kept' },
  'audio-codec': { value: 'NAME', help: 'aac, opus, ac3, mp3, flac, pcm, copy or none' },
  'audio-bitrate': { value: 'RATE', help: 'bits a second, e.g. 160k' },
  'audio-channels': { value: 'N', help: 'e.g. 2 to mix down to stereo' },
  retries: { value: 'N', help: 'how often a failure of FFmpeg is tried again, per task; default 3' },
} as const satisfies Record<string, OptionSpec>;
