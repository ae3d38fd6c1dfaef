/** What has come for a reader that may be slower than the writers. */
export type Mailbox<Item> = {
  put(item: Item): void;
  /** The next item, once there is one; undefined when nothing came within `waitMs` or the signal was aborted. */
  take(waitMs: number, signal: AbortSignal): Promise<Item | undefined>;
};

/** A mailbox for one reader. What finds it full is dropped and `onFull` called: the reader has missed something. */
export function createMailbox<Item>(capacity: number, onFull: () => void): Mailbox<Item> {
  const items: Item[] = [];
  let arrived: (() => void) | undefined;

  async function arrival(waitMs: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = () => resolve();
    const timer = setTimeout(wake, waitMs);
    signal.addEventListener('abort', wake);
    arrived = wake;
    await promise;
    arrived = undefined;
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
  }

  return {
    put(item) {
      if (items.length >= capacity) return onFull();
      items.push(item);
      arrived?.();
    },
    async take(waitMs, signal) {
      if (items.length === 0 && !signal.aborted) await arrival(waitMs, signal);
      return signal.aborted ? undefined : items.shift();
    },
  };
}
