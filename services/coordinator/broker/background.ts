/** Work that nobody waits for and whose failure hurts nobody, until the service ends. */
export type Background = {
  run(work: Promise<unknown>): void;
  /** Resolves when all that was begun has ended. */
  settle(): Promise<void>;
};

export function createBackground(onError: (error: unknown) => void): Background {
  const underWay = new Set<Promise<void>>();
  return {
    run(work) {
      const done = work
        .then(() => {}, onError)
        .finally(() => {
          underWay.delete(done);
        });
      underWay.add(done);
    },
    async settle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
}
