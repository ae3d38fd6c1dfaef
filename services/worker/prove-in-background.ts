import { ENCODER_NAMES } from '../../shared/job/codecs.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { RegisterBody } from '../../shared/wire/workers.ts';
import type { Binaries } from './ffmpeg/binaries.ts';
import type { Capabilities, proveCapabilities } from './ffmpeg/capabilities.ts';

type Proved = RegisterBody['capabilities'];

/** Before anything is proved; probes need no encoder and can begin at once. */
export const NOTHING_PROVED: Proved = { ffmpeg_version: null, encoders: {}, proving: true };

type Proving = {
  readonly prove: typeof proveCapabilities;
  readonly binaries: Binaries;
  readonly cacheFile: string;
  readonly signal: AbortSignal;
  readonly log: Logger;
  /** Called with every growth of the list, and at the end. */
  onChange(proved: Proved): void;
};

/** Finds out which encoders work here while the worker already works. Never throws: what was proved stays. */
export async function proveInBackground({ prove, binaries, cacheFile, signal, log, onChange }: Proving): Promise<void> {
  let proved = NOTHING_PROVED;
  const tell = (found: Capabilities | undefined, proving: boolean) => {
    proved = { ...proved, ...found, encoders: { ...(found?.encoders ?? proved.encoders) }, proving };
    onChange(proved);
  };
  try {
    const all = await prove({
      ...{ binaries, cacheFile, signal, encoders: ENCODER_NAMES },
      onProved: (soFar) => tell(soFar, true),
      onBroken: (encoder, error) => log.warn({ encoder, detail: error.message }, 'encoder does not work here'),
    });
    tell(all, false);
  } catch (error) {
    if (signal.aborted) return;
    log.error({ err: error }, 'encoders could not be proved');
    tell(undefined, false);
  }
}
