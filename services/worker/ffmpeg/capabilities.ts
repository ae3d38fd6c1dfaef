import { realpath } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';
import type { Binaries } from './binaries.ts';
import { buildOf, loadSpeeds, type ProvedSpeeds, saveSpeeds } from './capability-cache.ts';
import { proveEncoder } from './prove-encoder.ts';
import { readOutput } from './read-output.ts';
import { readVersion } from './version.ts';

export type Capabilities = {
  readonly ffmpeg_version: string;
  /** Encoders that work here → speed: pictures (320×180) a second for video, seconds of sound a second for audio. */
  readonly encoders: Readonly<Record<string, number>>;
};

type CapabilityProof = {
  readonly binaries: Binaries;
  /** JSON file that spares the next start the test encodes; its folder exists. */
  readonly cacheFile: string;
  /** Which encoders ffmill would use. */
  readonly encoders: readonly string[];
  readonly signal: AbortSignal;
  /** What is known so far, after each encoder that worked. */
  onProved?(soFar: Capabilities): void;
  /** An encoder that FFmpeg lists but that does not work here (a GPU without a driver, say). */
  onBroken?(encoder: string, error: AppError): void;
};

/** What nearly every job asks for is tried before the rest, so that work can begin within a second. */
const FIRST = ['libx264', 'aac'];

/**
 * Finds out by a test encode which encoders work on this machine, and how fast they are; one at a time, so that they do
 * not slow each other. What an earlier start found out about the same build of FFmpeg is believed.
 *
 * @throws AppError `ffmpeg_missing`. The signal's reason when it was aborted.
 */
export async function proveCapabilities(proof: CapabilityProof): Promise<Capabilities> {
  const ffmpeg = await realpath(proof.binaries.ffmpeg);
  const { line } = await readVersion(ffmpeg, proof.signal);
  const build = await buildOf(ffmpeg, line);
  const speeds = await loadSpeeds(proof.cacheFile, build);
  const untried = (await offered(ffmpeg, proof)).filter((encoder) => !(encoder in speeds));

  const capabilities = () => ({ ffmpeg_version: line, encoders: working(speeds, proof.encoders) });
  for (const encoder of firstOnesFirst(untried)) {
    const speed = await speedOf(ffmpeg, encoder, proof);
    if (speed === null) continue;
    speeds[encoder] = speed;
    await saveSpeeds(proof.cacheFile, build, speeds);
    proof.onProved?.(capabilities());
  }
  return capabilities();
}

/** The wanted encoders that this FFmpeg has at all. */
async function offered(ffmpeg: string, { encoders, signal }: CapabilityProof): Promise<string[]> {
  const list = await readOutput({ binary: ffmpeg, args: ['-hide_banner', '-encoders'], signal });
  const names = new Set([...list.matchAll(/^ [VAS][.FSXBD]{5} (\S+)/gm)].map(([, name]) => name));
  return encoders.filter((encoder) => names.has(encoder));
}

async function speedOf(ffmpeg: string, encoder: string, proof: CapabilityProof): Promise<number | null> {
  try {
    return await proveEncoder(ffmpeg, encoder, proof.signal);
  } catch (error) {
    proof.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    proof.onBroken?.(encoder, error);
    return null;
  }
}

function firstOnesFirst(encoders: readonly string[]): string[] {
  return [...FIRST.filter((name) => encoders.includes(name)), ...encoders.filter((name) => !FIRST.includes(name))];
}

function working(speeds: ProvedSpeeds, encoders: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(speeds).filter(([encoder]) => encoders.includes(encoder)));
}
