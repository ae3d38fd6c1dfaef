/**
 * Aborts its signal when nothing has moved for `stallMs`: neither was `moved` called, nor did the number rise much that
 * `bytesRead` gives (null: not known). The second is there because FFmpeg prints no progress while it rewrites a
 * finished file (`+faststart`), which takes minutes for a big one on a slow disk; but then it reads.
 *
 * It counts looks that found nothing rather than reading a clock: when this process was stopped for longer than
 * `stallMs` and goes on, what FFmpeg wrote meanwhile still waits in the pipe.
 */
export function watchForStall(
  stallMs: number,
  bytesRead: () => Promise<number | null>,
): { readonly signal: AbortSignal; moved(): void; stop(): void } {
  const stalled = new AbortController();
  let quietLooks = 0;
  let readBefore = 0;

  const look = async () => {
    const read = (await bytesRead()) ?? 0;
    const reads = read - readBefore >= READING_BYTES;
    if (reads) readBefore = read;
    quietLooks = reads ? 0 : quietLooks + 1;
    if (quietLooks >= LOOKS) stalled.abort();
  };
  const timer = setInterval(() => void look(), stallMs / LOOKS);
  return {
    signal: stalled.signal,
    moved() {
      quietLooks = 0;
    },
    stop: () => clearInterval(timer),
  };
}

const LOOKS = 10;
/** A process that hangs may still read events, eight bytes each; one that copies a file reads this in a millisecond. */
const READING_BYTES = 64 * 1024;
