import { spawnSync } from 'node:child_process';

const NUMBERS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

export type ShutdownSignal = keyof typeof NUMBERS;

/** Calls `react` whenever somebody asks this process to end: by what signal, and for which time (from 1). */
export function onShutdownSignals(react: (signal: ShutdownSignal, time: number) => void): void {
  let times = 0;
  for (const name of Object.keys(NUMBERS) as ShutdownSignal[]) {
    process.on(name, () => {
      times += 1;
      react(name, times);
    });
  }
}

/**
 * What SIGINT, SIGTERM and SIGHUP do to most processes: the first asks for an orderly end, the second ends the process
 * at once. The returned signal is aborted by the first, with its name as the reason; `onSecond` runs on the second,
 * right before the end.
 */
export function shutdownSignal(options: { onSecond?: () => void } = {}): AbortSignal {
  const controller = new AbortController();
  onShutdownSignals((name, time) => {
    if (time > 1) {
      options.onSecond?.();
      endBySignal(name);
    }
    controller.abort(name);
  });
  return controller.signal;
}

/**
 * Ends this process where it stands, as a signal that nobody handles does: a shell sees 128 + the number. Neither by
 * `process.exit` nor by `process.kill`, which both make Node write the code that it compiled to disk first: measured at
 * one to two seconds on an idle machine, on the thread that may be the busy one. So the signal comes from outside.
 */
export function endBySignal(name: ShutdownSignal): never {
  const code = 128 + NUMBERS[name];
  process.emit('exit', code); // for those who end child processes then
  process.removeAllListeners(name);
  spawnSync('sh', ['-c', `kill -s ${name.slice(3)} ${process.pid}`], { stdio: 'ignore' });
  process.exit(code); // the first process of a container is not killed by a signal that it does not handle
}
