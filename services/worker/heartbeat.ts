/**
 * Beats at a fixed pace. A beat that hangs delays no other: each has a deadline of its own, and several may be under
 * way. `wake()` beats at once, so that a task just claimed is `running` at once; many wakes of one moment make one beat.
 */
export function startHeartbeat(intervalMs: number, beat: () => void): { wake(): void; stop(): void } {
  const timer = setInterval(beat, intervalMs);
  let soon: NodeJS.Immediate | undefined;
  let stopped = false;
  return {
    wake() {
      if (stopped) return;
      soon ??= setImmediate(() => {
        soon = undefined;
        beat();
      });
    },
    stop() {
      stopped = true;
      clearInterval(timer);
      clearImmediate(soon);
    },
  };
}
