import { inputOptions } from './input-options.ts';
import { readOutput } from './read-output.ts';

/** FFmpeg's muxer lets a transport stream begin so late: twice its `muxdelay`. */
const DELAY_SECONDS = 1.4;
/** More than a tick of its clock (1/90000 s), less than any frame lasts. */
const ROUNDING_SECONDS = 0.001;

/**
 * Where the source's beginning is on the clock of a transport stream that FFmpeg made, in seconds. Its first packet would
 * be decoded before zero where pictures are shown in another order: all is moved until that is not so, and the first
 * picture tells by how much. What begins later than that is not moved: the first packet then says nothing.
 */
export async function transportStreamZero(file: {
  ffprobe: string;
  path: string;
  signal: AbortSignal;
}): Promise<number> {
  const args = [
    ...['-hide_banner', '-loglevel', 'level+error', '-read_intervals', '%+#1'],
    ...['-show_entries', 'packet=pts_time,dts_time', '-of', 'csv=print_section=0', ...inputOptions(file.path)],
  ];
  return zeroOfFirstPacket(await readOutput({ binary: file.ffprobe, args, signal: file.signal }));
}

/** `text`: presentation and decoding time, as in `1.480000,1.400000`. */
export function zeroOfFirstPacket(text: string): number {
  const [shown, decoded] = text.split(',').map(Number.parseFloat);
  if (shown === undefined || decoded === undefined || Number.isNaN(shown) || Number.isNaN(decoded))
    return DELAY_SECONDS;
  return decoded > DELAY_SECONDS + ROUNDING_SECONDS ? DELAY_SECONDS : shown;
}
