import { AppError } from '../../../shared/errors.ts';
import { bytesReadBy } from './bytes-read.ts';
import { failureOfEnd } from './failure.ts';
import { keepTail } from './keep-tail.ts';
import { runTool } from './run-tool.ts';
import { splitLines } from './split-lines.ts';
import { watchForStall } from './stall-watch.ts';

type Reading = {
  readonly binary: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** Longer than this and the tool is stopped as stalled. Default 120 s. */
  readonly timeoutMs?: number;
  /**
   * The tool reads all of a file, which takes what it takes (13 GB over a gigabit: two minutes): only time in which it
   * neither reads nor writes counts as `timeoutMs`. Default false.
   */
  readonly readsAll?: boolean;
};

type OutputRead = Reading & {
  /** More than this and the tool is stopped. Default 64 MiB: an hour of packets as ffprobe lists them. */
  readonly maxBytes?: number;
};

const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000;
const TAIL_LINES = 50;

/**
 * Runs a tool (ffprobe, mostly) and gives what it wrote to standard output.
 *
 * @throws AppError `input_corrupt` beyond `maxBytes`; what `readLines` throws.
 */
export async function readOutput(read: OutputRead): Promise<string> {
  const { maxBytes = MAX_BYTES } = read;
  const overflow = new AbortController();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const signal = AbortSignal.any([read.signal, overflow.signal]);
  await readChunks({ ...read, signal }, (chunk) => {
    size += chunk.length;
    if (size > maxBytes) overflow.abort();
    else chunks.push(chunk);
  }).catch((error: unknown) => {
    read.signal.throwIfAborted();
    if (!overflow.signal.aborted) throw error;
  });
  if (overflow.signal.aborted) throw new AppError('input_corrupt', `${read.binary} wrote more than ${maxBytes} bytes`);
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * The same line by line, of which nothing is kept.
 *
 * @throws AppError what `failureOfEnd` makes of another end than exit code 0; `ffmpeg_stalled` after `timeoutMs`. The
 * signal's reason when it was aborted.
 */
export async function readLines(read: Reading, onLine: (line: string) => void): Promise<void> {
  const lines = splitLines(onLine);
  await readChunks(read, lines.write);
  lines.end();
}

async function readChunks(read: Reading, onChunk: (chunk: Uint8Array) => void): Promise<void> {
  const { timeoutMs = TIMEOUT_MS } = read;
  let pid: number | null = null;
  const watch = read.readsAll
    ? watchForStall(timeoutMs, async () => (pid === null ? null : await bytesReadBy(pid)))
    : { signal: AbortSignal.timeout(timeoutMs), moved() {}, stop() {} };
  const tail = keepTail(TAIL_LINES);
  const stderr = splitLines(tail.add);
  const end = await runTool({
    binary: read.binary,
    args: read.args,
    signal: AbortSignal.any([read.signal, watch.signal]),
    onStdout(chunk) {
      watch.moved();
      onChunk(chunk);
    },
    onStderr: stderr.write,
    onStart: (started) => {
      pid = started;
    },
  }).finally(watch.stop);
  stderr.end();
  read.signal.throwIfAborted();
  if (watch.signal.aborted)
    throw new AppError('ffmpeg_stalled', `${read.binary} ${stalledFor(read.readsAll, timeoutMs / 1000)}`);
  const failure = failureOfEnd(end, tail.lines());
  if (failure !== null) throw failure;
}

function stalledFor(readsAll: boolean | undefined, seconds: number): string {
  return readsAll ? `read nothing for ${seconds} s` : `did not end within ${seconds} s`;
}
