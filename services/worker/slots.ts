/** Room for tasks of one resource. A slot is held from before the claim until FFmpeg has ended. */
export type Slot = {
  /** Safe twice. */
  release(): void;
};

export type Slots = {
  /** How many are free now. */
  free(): number;
  /** A free slot; undefined when there is none. */
  takeNow(): Slot | undefined;
  /** The next free slot; undefined when the signal is aborted first. */
  take(signal: AbortSignal): Promise<Slot | undefined>;
  /** From now on there are so many. Fewer than are taken: those that are too many end when they are released. */
  resize(size: number): void;
  /** Called whenever a slot was taken or released. Returns the function that ends it. */
  onChange(listener: () => void): () => void;
};

export function createSlots(size: number): Slots {
  const listeners = new Set<() => void>();
  let total = size;
  let free = size;

  function change(by: number): void {
    free += by;
    for (const listener of listeners) listener();
  }

  function takeNow(): Slot | undefined {
    if (free <= 0) return undefined;
    change(-1);
    let held = true;
    return {
      release() {
        if (!held) return;
        held = false;
        change(+1);
      },
    };
  }

  function onChange(listener: () => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async function freedOrAborted(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const forget = onChange(wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    forget();
    signal.removeEventListener('abort', wake);
  }

  return {
    free: () => Math.max(0, free),
    resize(to) {
      if (to === total) return;
      const by = to - total;
      total = to;
      change(by);
    },
    takeNow,
    onChange,
    async take(signal) {
      while (free <= 0 && !signal.aborted) await freedOrAborted(signal);
      return signal.aborted ? undefined : takeNow();
    },
  };
}
