import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { AppError } from '../../../shared/errors.ts';
import { readVersion } from './version.ts';

/** Absolute paths. */
export type Binaries = { readonly ffmpeg: string; readonly ffprobe: string };

/** The oldest that is tried. Below 5.0, options are missing that every task uses (`-fps_mode` among them). */
const OLDEST = 5.1;

/**
 * Looks FFmpeg up and makes sure that it is new enough. A name is looked for on the search path, a path is taken as it
 * is. Git builds have no number and are taken for new.
 *
 * @throws AppError `ffmpeg_missing` that says what to install.
 */
export async function findBinaries(
  names: Binaries,
  options: { readonly searchPath: string; readonly signal: AbortSignal },
): Promise<Binaries> {
  const [ffmpeg, ffprobe] = await Promise.all([
    findExecutable(names.ffmpeg, options.searchPath),
    findExecutable(names.ffprobe, options.searchPath),
  ]);
  const { line, number } = await readVersion(ffmpeg, options.signal);
  if (number !== null && number < OLDEST)
    throw new AppError('ffmpeg_missing', `${ffmpeg} is too old (${line}). ${REMEDY}`);
  return { ffmpeg, ffprobe };
}

const REMEDY = `ffmill needs FFmpeg ${OLDEST} or newer with ffprobe: install the package "ffmpeg" of your system (Debian 12, Ubuntu 24.04 or newer: apt-get install ffmpeg; macOS: brew install ffmpeg).`;

async function findExecutable(name: string, searchPath: string): Promise<string> {
  const candidates =
    isAbsolute(name) || name.includes('/')
      ? [resolve(name)]
      : searchPath
          .split(delimiter)
          .filter(isAbsolute)
          .map((directory) => join(directory, name));
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  throw new AppError('ffmpeg_missing', `there is no ${name} on this machine. ${REMEDY}`);
}

async function isExecutable(path: string): Promise<boolean> {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
