import type { MediaInfo, VideoStream } from '../media.ts';
import { originTicks } from './origin.ts';

/** Those whose decoders give what an edit list hides, too: dav1d for AV1, and FFmpeg's own for MJPEG. */
const GIVE_HIDDEN_FRAMES = ['av1', 'mjpeg'];

/**
 * The tick of the first frame that is shown, where frames before it that an edit list hides come out of the decoder;
 * null: whatever is decoded is shown.
 */
export function firstShownTicks({ format }: MediaInfo, { codec, start_ticks }: VideoStream): number | null {
  const mayHide = format.split(',').includes('mov') && GIVE_HIDDEN_FRAMES.includes(codec);
  return mayHide ? start_ticks : null;
}

/** The same in ticks that count from the file's beginning. */
export function firstShownFromOrigin(media: MediaInfo, stream: VideoStream): number | null {
  const from = firstShownTicks(media, stream);
  return from === null ? null : from - originTicks(media, stream);
}
