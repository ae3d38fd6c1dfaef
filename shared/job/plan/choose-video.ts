import { AppError } from '../../errors.ts';
import type { VideoCodec } from '../codecs.ts';
import { framesPerSecond, type VideoStream } from '../media.ts';
import type { VideoSettings } from '../task-settings.ts';
import { checkCopiedCodec, checkVideoCodec } from './check-codec.ts';
import { chooseLosslessEncoder } from './choose-lossless-encoder.ts';
import { fitPicture, uprightPixelAspect } from './fit-picture.ts';
import { pixelFormatsOf, sizeMultiple, takesPixelFormat, usualPixelFormat } from './pixel-formats.ts';
import type { ChosenStreams, PlanFacts } from './plan-facts.ts';
import { resolveVideoEncoder } from './resolve-encoder.ts';

/** Players seek to keyframes: one at least every two seconds, and x264's own limit for very high frame rates. */
const GOP_SECONDS = 2;
const LONGEST_GOP_FRAMES = 250;

/**
 * What becomes of the picture.
 *
 * @throws AppError `no_video_stream`, `no_encoder`, `codec_not_in_container`, `invalid_options`.
 */
export function chooseVideo(
  facts: PlanFacts,
  stream: VideoStream | undefined,
): NonNullable<ChosenStreams['video']> | null {
  const { encode } = facts.request;
  const { video_codec: codec } = encode;
  if (stream === undefined) {
    if (codec === 'copy') return null;
    throw new AppError('no_video_stream', 'the input holds no video');
  }
  if (codec !== 'copy' && codec !== 'none') return { stream, settings: videoSettings(facts, codec, stream) };
  checkCopiedCodec(facts.target.container, 'video', stream.codec);
  return { stream, settings: 'copy' };
}

function videoSettings(
  { request, provedEncoders, target }: PlanFacts,
  asked: VideoCodec,
  stream: VideoStream,
): VideoSettings {
  const { encode } = request;
  const { codec, encoder } = encode.lossless
    ? chooseLosslessEncoder({ asked, stream, options: encode, provedEncoders, container: target.container })
    : { codec: asked, encoder: resolveVideoEncoder({ codec: asked, options: encode, stream, proved: provedEncoders }) };
  checkVideoCodec(target.container, codec);
  const format = pixelFormat(encoder, encode, stream);
  return {
    codec,
    encoder,
    preset: codec === asked ? encode.preset : null,
    crf: encode.lossless || encode.video_bitrate !== null ? null : encode.crf,
    bitrate: encode.lossless ? null : encode.video_bitrate,
    limit: encode.maxrate && encode.bufsize ? { maxrate: encode.maxrate, bufsize: encode.bufsize } : null,
    lossless: encode.lossless,
    pixel_format: format,
    scale: fitPicture(stream, encode, sizeMultiple(encoder, format)),
    pixel_aspect: uprightPixelAspect(stream),
    gop_frames: gopFrames(stream),
    color: { space: stream.color_space, transfer: stream.color_transfer, primaries: stream.color_primaries },
    hdr10:
      stream.hdr === 'hdr10'
        ? { mastering_display: stream.mastering_display, max_content_light: stream.max_content_light }
        : null,
  };
}

function pixelFormat(encoder: string, encode: PlanFacts['request']['encode'], stream: VideoStream): string {
  const format =
    encode.pixel_format ?? (encode.lossless ? stream.pixel_format : usualPixelFormat(encoder, stream.pixel_format));
  if (takesPixelFormat(encoder, format)) return format;
  const known = pixelFormatsOf(encoder).join(', ');
  throw new AppError('invalid_options', `${encoder} does not take the pixel format ${format}; it takes ${known}`);
}

function gopFrames(stream: VideoStream): number {
  return Math.max(1, Math.min(LONGEST_GOP_FRAMES, Math.round(GOP_SECONDS * framesPerSecond(stream))));
}
