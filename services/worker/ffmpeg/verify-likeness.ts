import { AppError } from '../../../shared/errors.ts';
import type { VideoSettings } from '../../../shared/job/task-settings.ts';
import { ssimArgs } from './args/ssim-args.ts';
import { readOutput } from './read-output.ts';

/** About so many frames are compared, over the whole length. */
const SAMPLES = 300;
/** Far below what any quality setting gives; another picture, or one shifted by seconds, scores less. */
const FLOOR = 0.5;
/** Both files are decoded from end to end. */
const TIMEOUT_MS = 24 * 3_600_000;

type Comparison = {
  readonly binaries: { readonly ffmpeg: string };
  readonly path: string;
  /** `firstShown`: ticks from its beginning before which an edit list hides what is decoded; null: nothing is hidden. */
  readonly source: { readonly path: string; readonly streamIndex: number; readonly firstShown: number | null };
  readonly settings: VideoSettings;
  readonly frames: number;
  readonly signal: AbortSignal;
};

/** The mean SSIM of sampled frames against the source. @throws AppError `verification_failed` below the floor */
export async function verifyLikeness(comparison: Comparison): Promise<number> {
  const { binaries, path, source, settings, frames, signal } = comparison;
  const everyNth = Math.max(1, Math.floor(frames / SAMPLES));
  const args = ssimArgs({ result: path, source, settings, everyNth });
  const lines = await readOutput({ binary: binaries.ffmpeg, args, signal, timeoutMs: TIMEOUT_MS });
  const values = Array.from(lines.matchAll(/ All:([\d.]+)/g), ([, value]) => Number(value));
  if (values.length === 0) throw new AppError('verification_failed', 'no frame could be compared with the source');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean < FLOOR)
    throw new AppError('verification_failed', `SSIM ${mean.toFixed(3)}: the picture is another than the source's`);
  return mean;
}
