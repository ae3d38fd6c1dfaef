import { AppError } from '../../errors.ts';
import { AUDIO_ENCODERS, type AudioCodec, VIDEO_ENCODERS, type VideoCodec } from '../codecs.ts';

/**
 * The encoder that serves an intent: the one asked for by name, else the first that some worker has proved.
 *
 * @throws AppError `no_encoder`
 */
export function resolveVideoEncoder(codec: VideoCodec, named: string | null, proved: readonly string[]): string {
  return firstProved(codec, named === null ? VIDEO_ENCODERS[codec] : [named], proved);
}

/** @throws AppError `no_encoder` */
export function resolveAudioEncoder(codec: AudioCodec, proved: readonly string[]): string {
  return firstProved(codec, AUDIO_ENCODERS[codec], proved);
}

function firstProved(codec: string, candidates: readonly string[], proved: readonly string[]): string {
  const encoder = candidates.find((name) => proved.includes(name));
  if (encoder === undefined)
    throw new AppError('no_encoder', `no worker has proved an encoder for ${codec} (${candidates.join(', ')})`);
  return encoder;
}
