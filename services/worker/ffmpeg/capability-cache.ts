import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const cache = z.object({
  /** Which FFmpeg this was measured with. */
  build: z.string(),
  /** Encoder → speed. One that did not work is tried again at the next start: a driver may have come. */
  encoders: z.record(z.string(), z.number()),
});

export type ProvedSpeeds = Record<string, number>;

/** What tells one build of FFmpeg from another without running its encoders. `ffmpeg` is a real path. */
export async function buildOf(ffmpeg: string, versionLine: string): Promise<string> {
  const { size, mtimeMs } = await stat(ffmpeg);
  return [ffmpeg, Math.floor(mtimeMs), size, versionLine].join('|');
}

/** What was measured before with this build; nothing when the file is missing, damaged or of another build. */
export async function loadSpeeds(file: string, build: string): Promise<ProvedSpeeds> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const parsed = cache.safeParse(parseJson(text));
  return parsed.success && parsed.data.build === build ? parsed.data.encoders : {};
}

/** Replaced in one step: another worker on this machine may read it at this moment. */
export async function saveSpeeds(file: string, build: string, encoders: ProvedSpeeds): Promise<void> {
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify({ build, encoders }, null, 2)}\n`);
  await rename(fresh, file);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
