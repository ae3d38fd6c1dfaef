import { AppError } from '../../errors.ts';
import { type ContainerName, container } from '../container.ts';
import { type AudioStream, audioStreams } from '../media.ts';
import type { AudioSettings } from '../task-settings.ts';
import { checkAudioCodec, checkCopiedCodec } from './check-codec.ts';
import type { ChosenStreams, PlanFacts } from './plan-facts.ts';
import { resolveAudioEncoder } from './resolve-encoder.ts';

export const COPY: AudioSettings = { codec: 'copy', encoder: null, bitrate: null, channels: null, from_zero: false };

const EDIT_LISTS: readonly ContainerName[] = ['mp4', 'mov', 'm4a'];
/** Files of these kinds are one piece of sound. */
const ONE_STREAM: readonly ContainerName[] = ['mp3', 'flac', 'wav', 'ogg'];

/**
 * What becomes of the sound; null when the source has none.
 *
 * @throws AppError `no_audio_stream` when sound is all that is wanted, `codec_not_in_container`, `no_encoder`.
 */
export function chooseAudio(facts: PlanFacts, soundOnly: boolean): ChosenStreams['audio'] {
  const all = audioStreams(facts.probe.media);
  if (all.length === 0) {
    if (soundOnly) throw new AppError('no_audio_stream', 'the input holds no sound');
    return null;
  }
  const { container: name } = facts.target;
  const streams = ONE_STREAM.includes(name) ? all.slice(0, 1) : all;
  const settings = audioSettings(facts, streams);
  if (settings.codec === 'copy') for (const stream of streams) checkCopiedCodec(name, 'audio', stream.codec);
  else checkAudioCodec(name, settings.codec);
  if (container(name).audio?.length === 0) throw new AppError('codec_not_in_container', `${name} cannot hold sound`);
  return { streams, settings };
}

function audioSettings(facts: PlanFacts, streams: readonly AudioStream[]): AudioSettings {
  const { request, provedEncoders } = facts;
  const { audio_codec: codec, audio_bitrate: bitrate, audio_channels: channels } = request.encode;
  if (codec === 'copy' || codec === 'none') return { ...COPY, from_zero: losesEditList(facts, streams) };
  const lossless = codec === 'flac' || codec === 'pcm';
  return {
    codec,
    encoder: resolveAudioEncoder(codec, provedEncoders),
    bitrate: lossless ? null : bitrate,
    channels,
    from_zero: false,
  };
}

/**
 * MP4 hides the run-up of a codec (and what was cut off in front) behind an edit list. Without one FFmpeg would move the
 * whole file, picture included, until the hidden packets begin at zero. Opus takes its run-up along in its header.
 */
function losesEditList({ probe, target }: PlanFacts, streams: readonly AudioStream[]): boolean {
  const hasEditLists = probe.media.format.split(',').includes('mov');
  const keepsThem = EDIT_LISTS.includes(target.container);
  return hasEditLists && !keepsThem && streams.every((stream) => stream.codec !== 'opus');
}
