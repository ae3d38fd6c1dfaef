import { inputOptions } from './input-options.ts';
import { readOutput } from './read-output.ts';

type PacketLook = {
  readonly ffprobe: string;
  readonly path: string;
  readonly streamIndex: number;
  readonly signal: AbortSignal;
};

/** Enough for B-frames to appear among them if there are any. */
const LOOKED_AT = 100;

/** Whether the first packets of a stream have presentation time stamps: of what is shown in another order some lack them. */
export async function packetsSayWhenShown({
  ffprobe: binary,
  path,
  streamIndex,
  signal,
}: PacketLook): Promise<boolean> {
  const args = [
    ...['-hide_banner', '-loglevel', 'level+error', '-select_streams', String(streamIndex)],
    ...['-read_intervals', `%+#${LOOKED_AT}`, '-show_entries', 'packet=pts', '-of', 'csv=print_section=0'],
    ...inputOptions(path),
  ];
  return !(await readOutput({ binary, args, signal })).includes('N/A');
}
