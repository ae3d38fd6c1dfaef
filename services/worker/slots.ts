/** Room for tasks of one resource. A slot is held from before the claim until FFmpeg has ended. */
export type Slot = {
  /** Safe twice. */
  release(): void;
};

export type Slots = {
  /** The next free slot; undefined when the signal is aborted first. */
  take(signal: AbortSignal): Promise<Slot | undefined>;
};

export function createSlots(size: number): Slots {
  let free = size;
  let freed = Promise.withResolvers<void>();

  function hold(): Slot {
    free -= 1;
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        free += 1;
        freed.resolve();
      },
    };
  }

  return {
    async take(signal) {
      while (free === 0 && !signal.aborted) {
        freed = Promise.withResolvers();
        const wake = () => freed.resolve();
        signal.addEventListener('abort', wake, { once: true });
        await freed.promise;
        signal.removeEventListener('abort', wake);
      }
      return signal.aborted ? undefined : hold();
    },
  };
}
