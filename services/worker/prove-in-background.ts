import { ENCODER_NAMES } from '../../shared/job/codecs.ts';
import { type HardwarePool, isHardware, poolOf, provedWith } from '../../shared/job/pools.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { RegisterBody } from '../../shared/wire/workers.ts';
import type { HardwareConfig } from './config.ts';
import type { Binaries } from './ffmpeg/binaries.ts';
import type { Capabilities, proveCapabilities } from './ffmpeg/capabilities.ts';

type Proved = RegisterBody['capabilities'];
type Sessions = Readonly<Partial<Record<HardwarePool, number>>>;

/** Before anything is proved; probes need no encoder and can begin at once. */
export const NOTHING_PROVED: Proved = { ffmpeg_version: null, encoders: {}, proving: true };

/** How long a hardware encoder that failed a task is left alone; doubles each time, and begins anew after a good hour. */
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 3_600_000;

type Needs = {
  readonly prove: typeof proveCapabilities;
  readonly binaries: Binaries;
  readonly cacheFile: string;
  readonly hardware: HardwareConfig;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly firstRestMs?: number;
  /** Called with every change of the list, and at the end. */
  onChange(proved: Proved, sessions: Sessions): void;
  /** FFmpeg is at work until this ends. */
  onRun(proof: Promise<void>): void;
};

export type Proving = {
  /** The encoder failed a task: it is not offered any more, until a test encode has worked again. */
  withdraw(encoder: string): void;
};

/** Finds out which encoders work here while the worker already works. What was proved stays, until it is withdrawn. */
export function proveInBackground(needs: Needs): Proving {
  const { prove, binaries, cacheFile, hardware, signal, log, firstRestMs = FIRST_REST_MS } = needs;
  const wanted = ENCODER_NAMES.filter((name) => {
    const pool = poolOf(name);
    return pool === 'cpu' || hardware.slots[pool] !== 0;
  });
  const resting = new Map<string, { restMs: number; until: number }>();
  let proved = NOTHING_PROVED;
  let sessions: Sessions = {};
  /** Until all of them were tried once: more may follow. */
  let proving = true;
  let hardwareTried = false;

  const isResting = (name: string) => (resting.get(provedWith(name).encoder)?.until ?? 0) > performance.now();
  const tell = (change: Partial<Proved> = {}) => {
    proved = { ...proved, ...change, proving, proving_hardware: proving && !hardwareTried };
    const encoders = Object.entries(proved.encoders).filter(([name]) => !isResting(name));
    proved = { ...proved, encoders: Object.fromEntries(encoders) };
    needs.onChange(proved, sessions);
  };
  const add = (found: Capabilities) => {
    sessions = { ...sessions, ...found.sessions };
    return {
      ffmpeg_version: found.ffmpeg_version,
      encoders: { ...proved.encoders, ...found.encoders },
      decoders: [...new Set([...(proved.decoders ?? []), ...found.decoders])],
    };
  };

  /** Returns whether any of them works. */
  async function proveAll(encoders: readonly string[]): Promise<boolean> {
    try {
      const all = await prove({
        ...{ binaries, cacheFile, signal, encoders, devices: hardware.devices },
        onProved: (soFar) => tell(add(soFar)),
        onHardwareTried() {
          if (!hardwareTried) {
            hardwareTried = true;
            tell();
          }
        },
        onBroken: (encoder, error) =>
          log[isHardware(encoder) ? 'info' : 'warn']({ encoder, detail: error.message }, 'encoder does not work here'),
      });
      proved = { ...proved, ...add(all) };
      return Object.keys(all.encoders).length > 0;
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'encoders could not be proved');
      return false;
    }
  }

  function rest(encoder: string): void {
    const before = resting.get(encoder);
    const fresh = before === undefined || performance.now() - before.until > LONGEST_REST_MS;
    const restMs = fresh ? firstRestMs : Math.min(LONGEST_REST_MS, 2 * before.restMs);
    resting.set(encoder, { restMs, until: performance.now() + restMs });
    // A timer may be early by a moment, and the encoder would still count as resting.
    const timer = setTimeout(() => needs.onRun(proveAgain(encoder)), restMs + 10).unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  async function proveFirst(): Promise<void> {
    await proveAll(wanted);
    proving = false;
    if (!signal.aborted) tell();
  }

  async function proveAgain(encoder: string): Promise<void> {
    if (signal.aborted) return;
    const works = await proveAll(wanted.filter((name) => provedWith(name).encoder === encoder));
    if (signal.aborted) return;
    if (works) tell();
    else rest(encoder);
  }

  needs.onRun(proveFirst());
  return {
    withdraw(encoder) {
      if (!isHardware(encoder) || isResting(encoder)) return;
      log.warn({ encoder }, 'hardware encoder failed: not offered until it is proved again');
      rest(encoder);
      tell();
    },
  };
}
