import { inputOptions } from './input-options.ts';
import { readOutput } from './read-output.ts';

/**
 * A hash of what a decoder of the picture is told before the first packet (the parameter sets): files of one hash can
 * share one header. Null when there is nothing.
 */
export async function readHeaderHash(file: {
  ffprobe: string;
  path: string;
  signal: AbortSignal;
}): Promise<string | null> {
  const { ffprobe: binary, path, signal } = file;
  return (await readOutput({ binary, args: headerHashArgs(path), signal })).trim() || null;
}

/** For ffprobe. */
function headerHashArgs(path: string): string[] {
  return [
    ...['-hide_banner', '-loglevel', 'level+error', '-select_streams', 'v:0', '-show_data_hash', 'sha256'],
    ...['-show_entries', 'stream=extradata_hash', '-of', 'default=noprint_wrappers=1:nokey=1', ...inputOptions(path)],
  ];
}
