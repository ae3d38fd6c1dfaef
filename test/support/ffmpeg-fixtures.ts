import { fileURLToPath } from 'node:url';
import { findBinaries } from '../../services/worker/ffmpeg/binaries.ts';

/** The FFmpeg of this machine. */
export const BINARIES = await findBinaries(
  { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' },
  { searchPath: process.env.PATH ?? '', signal: AbortSignal.timeout(10_000) },
);

/** A program out of test/support/fixtures that stands in for ffmpeg, or runs in a process of its own. */
export function standIn(name: string): string {
  return fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));
}
