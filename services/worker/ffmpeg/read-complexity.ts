import { readFile } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';
import type { Complexity } from '../../../shared/job/task-result.ts';

/**
 * What the frames of a first pass cost, from the log that x264 and x265 write: a line a frame, with `tex:`, `mv:` and
 * `misc:` in bits. An hour of it is 15 MB.
 *
 * @throws AppError `ffmpeg_failed` when there is no frame in it.
 */
export async function readComplexity(log: string): Promise<Complexity> {
  const complexity = parseComplexity(await readFile(log, 'utf8'));
  if (complexity === null) throw new AppError('ffmpeg_failed', 'the first pass left no statistics');
  return complexity;
}

/** Null when no line is that of a frame. */
export function parseComplexity(log: string): Complexity | null {
  const frames = Array.from(log.matchAll(/ tex:(\d+) mv:(\d+) misc:(\d+) /g), ([, ...bits]) => bits.map(Number));
  if (frames.length === 0) return null;
  const sum = (column: number) => frames.reduce((all, bits) => all + (bits[column] ?? 0), 0);
  return { texture_bits: sum(0), motion_bits: sum(1), other_bits: sum(2) };
}
