/**
 * What SIGINT, SIGTERM and SIGHUP do to a process: the first asks for an orderly end, the second ends it at once. The
 * returned signal is aborted by the first; `onSecond` runs on the second, right before the process exits with 128 + the
 * number.
 */
export function shutdownSignal(options: { onSecond?: () => void } = {}): AbortSignal {
  const controller = new AbortController();
  const numbers = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        options.onSecond?.();
        process.exit(128 + numbers[name]);
      }
      controller.abort(name);
    });
  }
  return controller.signal;
}
