export type Sweeper = {
  /** Soon looks for what this job has left. */
  soon(job: string): void;
  /** Looks for everything once more, then no more. */
  stop(): Promise<void>;
};

/** Runs one sweep at a time: of everything at the start and now and then, of single jobs when asked. */
export function startSweeper(
  sweep: (job?: string) => Promise<void>,
  { intervalMs, onError }: { intervalMs: number; onError(error: unknown): void },
): Sweeper {
  const asked = new Set<string | undefined>();
  let running: Promise<void> | undefined;

  async function sweepAsked(): Promise<void> {
    for (const job of asked) {
      asked.delete(job);
      await sweep(job).catch(onError);
    }
  }

  function soon(job?: string): void {
    asked.add(job);
    running ??= sweepAsked().finally(() => {
      running = undefined;
    });
  }

  const timer = setInterval(soon, intervalMs);
  soon();
  return {
    soon,
    async stop() {
      clearInterval(timer);
      soon();
      await running;
    },
  };
}
