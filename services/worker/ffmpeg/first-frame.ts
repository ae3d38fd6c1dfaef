import { inputOptions } from './input-options.ts';
import { readOutput } from './read-output.ts';

type FrameLook = {
  /** Absolute path of ffprobe. */
  readonly ffprobe: string;
  /** Absolute path of the file. */
  readonly path: string;
  readonly streamIndex: number;
  readonly signal: AbortSignal;
};

/** Longer groups of pictures than this are not recorded in transport streams: changing to a channel would take as long. */
const LOOKED_AT_SECONDS = 12;

/** Whether a stream begins with a keyframe. A recording may begin between two. */
export async function beginsWithKeyframe(look: FrameLook): Promise<boolean> {
  return (await ask(look, '%+#1', 'packet=flags')).startsWith('K');
}

/** When the first frame is shown that a decoder makes of the stream, on the file's own clock; null when it makes none. */
export async function firstFrameSeconds(look: FrameLook): Promise<number | null> {
  const lines = await ask(look, `%+${LOOKED_AT_SECONDS}`, 'frame=best_effort_timestamp_time');
  const seconds = Number.parseFloat(lines);
  return Number.isNaN(seconds) ? null : seconds;
}

async function ask({ ffprobe: binary, path, streamIndex, signal }: FrameLook, interval: string, entry: string) {
  const args = [
    ...['-hide_banner', '-loglevel', 'quiet', '-select_streams', String(streamIndex), '-read_intervals', interval],
    ...['-show_entries', entry, '-of', 'default=noprint_wrappers=1:nokey=1', ...inputOptions(path)],
  ];
  return await readOutput({ binary, args, signal });
}
