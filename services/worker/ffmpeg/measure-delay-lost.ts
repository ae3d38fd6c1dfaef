import { audioStreams } from '../../../shared/job/media.ts';
import { firstPacketArgs } from './args/first-packet-args.ts';
import { probeMedia } from './probe.ts';
import { runFfmpeg } from './run.ts';

type Measurement = {
  readonly binaries: { readonly ffmpeg: string; readonly ffprobe: string };
  /** A Matroska file. */
  readonly path: string;
  /** A file that may be overwritten. */
  readonly scratch: string;
  readonly signal: AbortSignal;
  readonly stallMs: number;
};

/**
 * By how many ticks each stream of sound gets earlier when it goes through a Matroska file once more. Opus does, by 6.5
 * ms: FFmpeg 5.1 subtracts the codec's delay when it reads and does not add it when it writes. Whether a build does is
 * not asked but measured: the first packet is copied, and read again.
 */
export async function measureDelayLost(measurement: Measurement): Promise<number[]> {
  const { binaries, path, scratch, signal, stallMs } = measurement;
  const read = async (file: string) =>
    audioStreams(await probeMedia({ ffprobe: binaries.ffprobe, path: file, signal }));
  const lost: number[] = [];
  for (const { codec, index, start_ticks: before } of await read(path)) {
    if (codec === 'opus') {
      const args = firstPacketArgs({ path, streamIndex: index, output: scratch });
      await runFfmpeg({ binary: binaries.ffmpeg, args, signal, stallMs });
      const [copy] = await read(scratch);
      lost.push((before ?? 0) - (copy?.start_ticks ?? before ?? 0));
    } else lost.push(0);
  }
  return lost;
}
