import { access, realpath } from 'node:fs/promises';
import { AppError } from '../../../shared/errors.ts';
import { HARDWARE_POOLS, type HardwarePool, isHardware, poolOf, provedWith } from '../../../shared/job/pools.ts';
import { ACCELERATIONS, type Acceleration } from './acceleration.ts';
import type { Binaries } from './binaries.ts';
import { buildOf, loadSpeeds, type ProvedSpeeds, saveSpeeds } from './capability-cache.ts';
import { type Devices, ONLY_DEVICES } from './devices.ts';
import { proveDecoders } from './prove-decoders.ts';
import { proveEncoder } from './prove-encoder.ts';
import { readOutput } from './read-output.ts';
import { readVersion } from './version.ts';

export type Capabilities = {
  readonly ffmpeg_version: string;
  /** Encoders that work here → speed: pictures (320×180) a second for video, seconds of sound a second for audio. */
  readonly encoders: Readonly<Record<string, number>>;
  /** How many encodes at a time each kind of hardware took in the proof. */
  readonly sessions: Readonly<Partial<Record<HardwarePool, number>>>;
  /** What the devices of these encoders decode, as `decoderName` has it; known last. */
  readonly decoders: readonly string[];
};

type CapabilityProof = {
  readonly binaries: Binaries;
  /** JSON file that spares the next start the test encodes; its folder exists. */
  readonly cacheFile: string;
  /** Which encoders ffmill would use; a hardware encoder that is to encode ten bits is one of its own. */
  readonly encoders: readonly string[];
  readonly devices?: Devices;
  readonly signal: AbortSignal;
  /** What is known so far, after each encoder that worked. */
  onProved?(soFar: Capabilities): void;
  /** No more hardware will be found. */
  onHardwareTried?(): void;
  /** An encoder that FFmpeg lists but that does not work here (a GPU without a driver, say). */
  onBroken?(encoder: string, error: AppError): void;
};

/** What nearly every job asks for is tried before the rest, so that work can begin within a second; then hardware. */
const FIRST = ['libx264', 'aac'];
/** Encodes that are tried side by side: more than two are known to fail on devices that were sold for games. */
const SESSIONS = 2;

/**
 * Finds out by a test encode which encoders work on this machine, and how fast they are; one at a time, so that they do
 * not slow each other. What an earlier start found out about the same build of FFmpeg is believed, but not of hardware:
 * devices and drivers come and go.
 *
 * @throws AppError `ffmpeg_missing`. The signal's reason when it was aborted.
 */
export async function proveCapabilities(proof: CapabilityProof): Promise<Capabilities> {
  const ffmpeg = await realpath(proof.binaries.ffmpeg);
  const { line } = await readVersion(ffmpeg, proof.signal);
  const build = await buildOf(ffmpeg, line);
  const speeds = await loadSpeeds(proof.cacheFile, build);
  const found: ProvedSpeeds = {};
  const sessions: Partial<Record<HardwarePool, number>> = {};
  const untried = (await offered(ffmpeg, proof)).filter((encoder) => !(encoder in speeds));

  const capabilities = (decoders: readonly string[] = []) => ({
    ffmpeg_version: line,
    encoders: working({ ...speeds, ...found }, proof.encoders),
    sessions: { ...sessions },
    decoders,
  });
  async function proveSoftware(encoders: readonly string[]): Promise<void> {
    for (const encoder of encoders) {
      const speed = await speedOf(ffmpeg, encoder, proof);
      if (speed === null) continue;
      speeds[encoder] = speed;
      await saveSpeeds(proof.cacheFile, build, speeds);
      proof.onProved?.(capabilities());
    }
  }
  async function proveHardware(encoders: readonly string[]): Promise<void> {
    for (const encoder of encoders) {
      // Who cannot encode eight bits is not asked for ten.
      const { encoder: eightBit } = provedWith(encoder);
      const speed = eightBit === encoder || eightBit in found ? await speedOf(ffmpeg, encoder, proof) : null;
      if (speed === null) continue;
      found[encoder] = speed;
      sessions[poolOf(encoder) as HardwarePool] ??= await sessionsOf(ffmpeg, encoder, proof);
      proof.onProved?.(capabilities());
    }
  }
  const software = untried.filter((encoder) => !isHardware(encoder));
  await proveSoftware(FIRST.filter((encoder) => software.includes(encoder)));
  await proveHardware(untried.filter(isHardware));
  proof.onHardwareTried?.();
  await proveSoftware(software.filter((encoder) => !FIRST.includes(encoder)));
  const { devices = ONLY_DEVICES, signal } = proof;
  return capabilities(await proveDecoders({ ffmpeg, devices, signal }, accelerationsOf(Object.keys(found))));
}

function accelerationsOf(encoders: readonly string[]): Acceleration[] {
  const pools = HARDWARE_POOLS.filter((pool) => encoders.some((encoder) => poolOf(encoder) === pool));
  return [...new Set(pools.map((pool) => ACCELERATIONS[pool]))];
}

/** The wanted encoders that this FFmpeg has at all, and whose device is there as far as a file name tells. */
async function offered(ffmpeg: string, proof: CapabilityProof): Promise<string[]> {
  const { encoders, signal, devices = ONLY_DEVICES } = proof;
  const list = await readOutput({ binary: ffmpeg, args: ['-hide_banner', '-encoders'], signal });
  const names = new Set([...list.matchAll(/^ [VAS][.FSXBD]{5} (\S+)/gm)].map(([, name]) => name));
  const rendering = await access(devices.render).then(
    () => true,
    () => false,
  );
  return encoders.filter((capability) => {
    const { encoder } = provedWith(capability);
    const needsNode = poolOf(encoder) === 'vaapi' || poolOf(encoder) === 'qsv';
    return names.has(encoder) && (rendering || !needsNode);
  });
}

async function speedOf(ffmpeg: string, encoder: string, proof: CapabilityProof): Promise<number | null> {
  try {
    return await proveEncoder({ ffmpeg, devices: proof.devices ?? ONLY_DEVICES, signal: proof.signal }, encoder);
  } catch (error) {
    proof.signal.throwIfAborted();
    if (!(error instanceof AppError)) throw error;
    proof.onBroken?.(encoder, error);
    return null;
  }
}

/** As many as work side by side. */
async function sessionsOf(ffmpeg: string, encoder: string, proof: CapabilityProof): Promise<number> {
  const quiet = { ...proof, onBroken: () => {} };
  const tries = Array.from({ length: SESSIONS }, () => speedOf(ffmpeg, encoder, quiet));
  return Math.max(1, (await Promise.all(tries)).filter((speed) => speed !== null).length);
}

function working(speeds: ProvedSpeeds, encoders: readonly string[]): Record<string, number> {
  return Object.fromEntries(Object.entries(speeds).filter(([encoder]) => encoders.includes(encoder)));
}
