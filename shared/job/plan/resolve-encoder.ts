import { AppError } from '../../errors.ts';
import { AUDIO_ENCODERS, type AudioCodec, VIDEO_ENCODERS, type VideoCodec } from '../codecs.ts';
import type { VideoStream } from '../media.ts';
import { capabilityFor, isHardware } from '../pools.ts';
import type { EncodeOptions } from '../profile.ts';
import { hardwareObstacle } from './hardware-obstacle.ts';
import { takesPixelFormat, usualPixelFormat } from './pixel-formats.ts';

type Intent = {
  readonly codec: VideoCodec;
  readonly options: EncodeOptions;
  readonly stream: VideoStream;
  /** What some worker has proved. */
  readonly proved: readonly string[];
};

/**
 * The encoder that serves an intent: the one asked for by name, else the first that some worker has proved, of those
 * that the request's wish for hardware lets in. Hardware is taken only for what it makes as software would.
 *
 * @throws AppError `no_encoder`; `invalid_options` when the request insists on hardware that cannot do it.
 */
export function resolveVideoEncoder({ codec, options, stream, proved }: Intent): string {
  const format = options.pixel_format ?? usualPixelFormat(VIDEO_ENCODERS[codec][0], stream.pixel_format);
  const candidates = candidatesFor(codec, options);
  const insists = candidates.every(isHardware);
  const obstacle = hardwareObstacle(options, stream);
  if (insists && obstacle !== null)
    throw new AppError('invalid_options', `hardware encoders are not used for ${obstacle}, and no other was allowed`);
  const able = candidates.filter((name) => !isHardware(name) || (obstacle === null && takesPixelFormat(name, format)));
  if (insists && able.length === 0)
    throw new AppError('invalid_options', `no hardware encoder of ${codec} takes the pixel format ${format}`);
  return firstProved(codec, able, (name) => proved.includes(capabilityFor(name, format)));
}

/** The encoders that the request lets in, the preferred ones first. */
export function candidatesFor(
  codec: VideoCodec,
  { video_encoder: named, hardware }: Pick<EncodeOptions, 'video_encoder' | 'hardware'>,
): readonly string[] {
  if (named !== null) return [named];
  const all: readonly string[] = VIDEO_ENCODERS[codec];
  const [inHardware, inSoftware] = [all.filter(isHardware), all.filter((name) => !isHardware(name))];
  switch (hardware) {
    case 'never':
      return inSoftware;
    case 'require':
      return inHardware;
    case 'prefer':
      return [...inHardware, ...inSoftware];
    case 'auto':
      return [...inSoftware, ...inHardware];
  }
}

/** @throws AppError `no_encoder` */
export function resolveAudioEncoder(codec: AudioCodec, proved: readonly string[]): string {
  return firstProved(codec, AUDIO_ENCODERS[codec], (name) => proved.includes(name));
}

function firstProved(codec: string, candidates: readonly string[], isProved: (name: string) => boolean): string {
  const encoder = candidates.find(isProved);
  if (encoder === undefined)
    throw new AppError('no_encoder', `no worker has proved an encoder for ${codec} (${candidates.join(', ')})`);
  return encoder;
}
