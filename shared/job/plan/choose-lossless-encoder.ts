import { AppError } from '../../errors.ts';
import type { VideoCodec } from '../codecs.ts';
import type { ContainerName } from '../container.ts';
import type { VideoStream } from '../media.ts';
import type { EncodeOptions } from '../profile.ts';
import { uprightSize } from './fit-picture.ts';
import { sizeMultiple, takesPixelFormat } from './pixel-formats.ts';
import { resolveVideoEncoder } from './resolve-encoder.ts';

/** Encoders that can keep every sample. */
const LOSSLESS = ['libx264', 'libx265', 'libvpx-vp9', 'ffv1'];

type Facts = {
  readonly asked: VideoCodec;
  readonly stream: VideoStream;
  readonly options: EncodeOptions;
  readonly provedEncoders: readonly string[];
  readonly container: ContainerName;
};

/**
 * The encoder that keeps the source's samples exactly: the one asked for when it takes the pixel format, else FFV1,
 * which takes any but is held by Matroska alone.
 *
 * @throws AppError `invalid_options` when neither can, `no_encoder`.
 */
export function chooseLosslessEncoder(facts: Facts): { codec: VideoCodec; encoder: string } {
  const { asked, stream, options, provedEncoders, container } = facts;
  const encoder = resolveVideoEncoder({ codec: asked, options, stream, proved: provedEncoders });
  const format = options.pixel_format ?? stream.pixel_format;
  if (LOSSLESS.includes(encoder) && keeps(encoder, format, stream)) return { codec: asked, encoder };
  if (container === 'matroska' && takesPixelFormat('ffv1', format))
    return {
      codec: 'ffv1',
      encoder: resolveVideoEncoder({ codec: 'ffv1', options: anyOf(options), stream, proved: provedEncoders }),
    };
  throw new AppError(
    'invalid_options',
    `${encoder} cannot keep ${format} of ${stream.width}×${stream.height} without loss; FFV1 in an .mkv file may`,
  );
}

function anyOf(options: EncodeOptions): EncodeOptions {
  return { ...options, video_encoder: null };
}

function keeps(encoder: string, format: string, stream: VideoStream): boolean {
  const { width, height } = uprightSize(stream);
  const multiple = sizeMultiple(encoder, format);
  return takesPixelFormat(encoder, format) && width % multiple === 0 && height % multiple === 0;
}
