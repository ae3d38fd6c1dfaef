import { AppError } from '../../errors.ts';
import { type AudioCodec, audioCodecOf, type VideoCodec, videoCodecOf } from '../codecs.ts';
import { type ContainerName, container } from '../container.ts';

/** @throws AppError `codec_not_in_container`, which names what the container can hold. */
export function checkVideoCodec(name: ContainerName, codec: VideoCodec): void {
  check(name, codec, container(name).video, 'video');
}

/** @throws AppError `codec_not_in_container`, which names what the container can hold. */
export function checkAudioCodec(name: ContainerName, codec: AudioCodec): void {
  check(name, codec, container(name).audio, 'sound');
}

/**
 * Packets that are copied: codecs of the table are held against it, any other is left to FFmpeg, whose muxers know more
 * than ffmill encodes.
 */
export function checkCopiedCodec(name: ContainerName, type: 'video' | 'audio', ffmpegCodec: string): void {
  const codec = ffmpegCodec === 'mpeg2video' ? 'mpeg2' : ffmpegCodec.replace(/^pcm_.*/, 'pcm');
  const video = type === 'video' ? videoCodecOf(codec) : undefined;
  const audio = type === 'audio' ? audioCodecOf(codec) : undefined;
  if (video !== undefined) checkVideoCodec(name, video);
  if (audio !== undefined) checkAudioCodec(name, audio);
  if (type === 'video' && container(name).video?.length === 0) checkVideoCodec(name, codec as VideoCodec);
}

function check(name: ContainerName, codec: string, held: readonly string[] | null, what: string): void {
  if (held === null || held.includes(codec)) return;
  const can = held.length === 0 ? `no ${what}` : held.join(', ');
  throw new AppError('codec_not_in_container', `${name} cannot hold ${codec}; it can hold ${can}`);
}
