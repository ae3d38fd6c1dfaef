/** Rings are remembered: a wait that begins after a ring ends at once, however many rings there were. */
export type Bell = {
  ring(): void;
  /** Resolves at the next ring not yet waited for, at the latest after `ms`. */
  rung(ms: number): Promise<void>;
};

export function createBell(): Bell {
  let pending = false;
  let answer: (() => void) | undefined;
  return {
    ring() {
      pending = true;
      answer?.();
    },
    async rung(ms) {
      if (!pending) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, ms);
          answer = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      }
      answer = undefined;
      pending = false;
    },
  };
}
