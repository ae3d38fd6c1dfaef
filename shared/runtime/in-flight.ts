/** Work that runs on its own, to be waited for at the end. */
export type InFlight = {
  add<Result>(work: Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way any more, however it ended. */
  settled(): Promise<void>;
};

export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>();
  return {
    add(work) {
      const forget = () => void running.delete(work);
      running.add(work);
      work.then(forget, forget);
      return work;
    },
    async settled() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
