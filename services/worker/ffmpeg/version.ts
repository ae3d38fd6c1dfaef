import { readOutput } from './read-output.ts';

export type Version = {
  /** The first line of `-version`, without the copyright: `ffmpeg version 5.1.9-0+deb12u1`. */
  readonly line: string;
  /** Major and minor version, 5.1; null for a build from git, which has none. No minor version since 1.0 has two digits. */
  readonly number: number | null;
};

/** Asks an ffmpeg who it is. */
export async function readVersion(ffmpeg: string, signal: AbortSignal): Promise<Version> {
  return parseVersion(await readOutput({ binary: ffmpeg, args: ['-version'], signal }));
}

export function parseVersion(output: string): Version {
  const line = (output.split('\n')[0] ?? '').replace(/ Copyright .*/, '').trim();
  const match = /^ffmpeg version n?(\d+\.\d)/.exec(line);
  return { line, number: match === null ? null : Number(match[1]) };
}
