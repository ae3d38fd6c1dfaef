import { runFfmpeg } from '../../services/worker/ffmpeg/run.ts';
import { BINARIES } from './ffmpeg-fixtures.ts';

/** Moving pictures of 320×180, 25 a second. */
export function pictures(seconds: number): string[] {
  return ['-f', 'lavfi', '-i', `testsrc2=size=320x180:rate=25:duration=${seconds}`];
}

/** A tone. */
export function sound(seconds: number): string[] {
  return ['-f', 'lavfi', '-i', `sine=sample_rate=48000:duration=${seconds}`];
}

/** Makes a file with FFmpeg; gives its path. */
export async function makeMedia(path: string, args: readonly string[]): Promise<string> {
  const signal = AbortSignal.timeout(60_000);
  await runFfmpeg({ binary: BINARIES.ffmpeg, args: ['-y', ...args, `file:${path}`], signal, stallMs: 30_000 });
  return path;
}
