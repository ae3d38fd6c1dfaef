import { inputOptions } from './input-options.ts';
import { readOutput } from './read-output.ts';

type PacketCount = {
  readonly ffprobe: string;
  readonly path: string;
  readonly streamIndex: number;
  readonly signal: AbortSignal;
};

/** How many packets a stream has. Reads the whole file, decodes nothing. */
export async function countPackets({ ffprobe: binary, path, streamIndex, signal }: PacketCount): Promise<number> {
  const args = [
    ...['-hide_banner', '-loglevel', 'level+error', '-select_streams', String(streamIndex), '-count_packets'],
    ...['-show_entries', 'stream=nb_read_packets', '-of', 'default=noprint_wrappers=1:nokey=1', ...inputOptions(path)],
  ];
  return Number((await readOutput({ binary, args, signal, readsAll: true })).split('\n')[0]);
}
