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
/** How long tasks wait for an encoder that was withdrawn; after that the farm counts it as gone. */
const HOPED_MS = 60_000;

type Needs = {
  readonly prove: typeof proveCapabilities;
  readonly binaries: Binaries;
  readonly cacheFile: string;
  readonly hardware: HardwareConfig;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly firstRestMs?: number;
  readonly hopedMs?: number;
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
  const { prove, binaries, cacheFile, hardware, signal, log, firstRestMs = FIRST_REST_MS, hopedMs = HOPED_MS } = needs;
  const wanted = ENCODER_NAMES.filter((name) => {
    const pool = poolOf(name);
    return pool === 'cpu' || hardware.slots[pool] !== 0;
  });
  const rests = new Map<string, { restMs: number; until: number }>();
  /** Encoders that failed a task → when. They stay in `proved`, but are not offered until they are proved again. */
  const withdrawn = new Map<string, number>();
  let proved = NOTHING_PROVED;
  let sessions: Sessions = {};
  /** Until all of them were tried once: more may follow. */
  let proving = true;
  let hardwareTried = false;

  const withdrawnAt = (name: string) => withdrawn.get(provedWith(name).encoder);
  const tell = () => {
    const offered = Object.entries(proved.encoders).filter(([name]) => withdrawnAt(name) === undefined);
    const hoped = (name: string) => (withdrawnAt(name) ?? -Infinity) > performance.now() - hopedMs;
    const resting = Object.keys(proved.encoders).filter(hoped);
    const state = { proving, proving_hardware: proving && !hardwareTried };
    needs.onChange({ ...proved, encoders: Object.fromEntries(offered), resting, ...state }, sessions);
  };
  const add = (found: Capabilities) => {
    proved = {
      ...proved,
      ffmpeg_version: found.ffmpeg_version,
      encoders: { ...proved.encoders, ...found.encoders },
      decoders: [...new Set([...(proved.decoders ?? []), ...found.decoders])],
    };
  };

  /** What was found out about these; undefined where that broke off. */
  async function proveAll(
    encoders: readonly string[],
    hooks: Pick<Parameters<typeof prove>[0], 'onProved' | 'onHardwareTried'> = {},
  ): Promise<Capabilities | undefined> {
    try {
      return await prove({
        ...{ binaries, cacheFile, signal, encoders, devices: hardware.devices, ...hooks },
        onBroken: (encoder, error) =>
          log[isHardware(encoder) ? 'info' : 'warn']({ encoder, detail: error.message }, 'encoder does not work here'),
      });
    } catch (error) {
      if (!signal.aborted) log.error({ err: error }, 'encoders could not be proved');
      return undefined;
    }
  }

  async function proveFirst(): Promise<void> {
    const addFirst = (found: Capabilities) => {
      add(found);
      sessions = found.sessions;
    };
    const all = await proveAll(wanted, {
      onProved(soFar) {
        addFirst(soFar);
        tell();
      },
      onHardwareTried() {
        hardwareTried = true;
        tell();
      },
    });
    if (all) addFirst(all);
    proving = false;
    if (!signal.aborted) tell();
  }

  /** Its sessions are not believed: other encodes may have been running meanwhile. */
  async function proveAgain(encoder: string): Promise<void> {
    if (signal.aborted) return;
    const names = wanted.filter((name) => provedWith(name).encoder === encoder);
    const all = await proveAll(names);
    if (signal.aborted) return;
    if (all === undefined || Object.keys(all.encoders).length === 0) return rest(encoder);
    const others = Object.entries(proved.encoders).filter(([name]) => !names.includes(name));
    proved = { ...proved, encoders: Object.fromEntries(others) };
    add(all);
    withdrawn.delete(encoder);
    tell();
  }

  function rest(encoder: string): void {
    const before = rests.get(encoder);
    const fresh = before === undefined || performance.now() - before.until > LONGEST_REST_MS;
    const restMs = fresh ? firstRestMs : Math.min(LONGEST_REST_MS, 2 * before.restMs);
    rests.set(encoder, { restMs, until: performance.now() + restMs });
    after(restMs, () => needs.onRun(proveAgain(encoder)));
  }

  function after(ms: number, then: () => void): void {
    const timer = setTimeout(then, ms).unref();
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  }

  needs.onRun(proveFirst());
  return {
    withdraw(encoder) {
      if (!isHardware(encoder) || withdrawn.has(encoder)) return;
      log.warn({ encoder }, 'hardware encoder failed: not offered until it is proved again');
      withdrawn.set(encoder, performance.now());
      rest(encoder);
      // A timer may be early by a moment, and the encoder would still count as resting.
      after(hopedMs + 10, tell);
      tell();
    },
  };
}
