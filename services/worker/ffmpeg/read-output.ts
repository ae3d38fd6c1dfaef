import { AppError } from '../../../shared/errors.ts';
import { failureOfEnd } from './failure.ts';
import { keepTail } from './keep-tail.ts';
import { runTool } from './run-tool.ts';
import { splitLines } from './split-lines.ts';

type OutputRead = {
  readonly binary: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  /** More than this and the tool is stopped. Default 64 MiB: an hour of packets as ffprobe lists them. */
  readonly maxBytes?: number;
  /** Longer than this and the tool is stopped as stalled. Default 120 s. */
  readonly timeoutMs?: number;
};

const MAX_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 120_000;
const TAIL_LINES = 50;

/**
 * Runs a tool (ffprobe, mostly) and gives what it wrote to standard output.
 *
 * @throws AppError what `failureOfEnd` makes of another end than exit code 0; `ffmpeg_stalled` after `timeoutMs`;
 * `input_corrupt` beyond `maxBytes`. The signal's reason when it was aborted.
 */
export async function readOutput(read: OutputRead): Promise<string> {
  const { maxBytes = MAX_BYTES, timeoutMs = TIMEOUT_MS } = read;
  const overflow = new AbortController();
  const timeout = AbortSignal.timeout(timeoutMs);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const tail = keepTail(TAIL_LINES);
  const stderr = splitLines(tail.add);
  const end = await runTool({
    binary: read.binary,
    args: read.args,
    signal: AbortSignal.any([read.signal, overflow.signal, timeout]),
    onStdout(chunk) {
      size += chunk.length;
      if (size > maxBytes) overflow.abort();
      else chunks.push(chunk);
    },
    onStderr: stderr.write,
  });
  stderr.end();
  read.signal.throwIfAborted();
  if (overflow.signal.aborted) throw new AppError('input_corrupt', `${read.binary} wrote more than ${maxBytes} bytes`);
  if (timeout.aborted) throw new AppError('ffmpeg_stalled', `${read.binary} did not end within ${timeoutMs / 1000} s`);
  const failure = failureOfEnd(end, tail.lines());
  if (failure !== null) throw failure;
  return Buffer.concat(chunks).toString('utf8');
}
