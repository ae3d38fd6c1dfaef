import { AppError } from '../../shared/errors.ts';
import type { AttemptId } from '../../shared/job/ids.ts';
import { sleep } from '../../shared/runtime/sleep.ts';
import type { LogsBody } from '../../shared/wire/workers.ts';

type Line = LogsBody['lines'][number];

/** The log of one attempt on its way to the coordinators. */
export type AttemptLog = {
  /** `stderr`: what FFmpeg said; `worker`: what the worker has to say. Never waits, never fails. */
  add(stream: Line['stream'], text: string): void;
  /** Nothing more will come; resolves when everything was sent or given up. */
  end(): Promise<void>;
};

/** An encode that complains about every frame shall fill neither the memory nor the database. */
const MOST_LINES = 2_000;
const LONGEST_LINE = 4_000;
/** Together under 1 MiB even when every character needs an escape: quickly repeated, and far below the body limit. */
const BATCH_LINES = 500;
const BATCH_CHARACTERS = 100_000;

/** Sends an attempt's lines in batches, on a channel of their own. While nobody answers they wait in memory. */
export function openAttemptLog(
  attempt: AttemptId,
  {
    send,
    batchMs,
    signal,
  }: {
    send(attempt: AttemptId, body: LogsBody, signal: AbortSignal): Promise<void>;
    batchMs: number;
    signal: AbortSignal;
  },
): AttemptLog {
  const waiting: Line[] = [];
  let accepted = 0;
  /** The number of the first line that waits: who gets a batch twice knows it by that. */
  let first = 1;
  let sending: Promise<void> | undefined;
  const ended = new AbortController();

  async function sendAll(): Promise<void> {
    while (waiting.length > 0 && !signal.aborted) {
      await sleep(batchMs, AbortSignal.any([signal, ended.signal]));
      const batch = nextBatch(waiting);
      const sent = await send(attempt, { first_line: first, lines: batch }, signal).then(
        () => true,
        (error: unknown) => !(error instanceof AppError && error.code === 'unavailable'),
      );
      if (sent) first += waiting.splice(0, batch.length).length;
      else await sleep(batchMs, signal);
    }
  }

  return {
    add(stream, text) {
      accepted += 1;
      if (accepted > MOST_LINES + 1) return;
      const kept: [Line['stream'], string] =
        accepted > MOST_LINES
          ? ['worker', `the log ends here: only the first ${MOST_LINES} lines are kept`]
          : [stream, text];
      waiting.push({ stream: kept[0], text: kept[1].slice(0, LONGEST_LINE), at: new Date().toISOString() });
      sending ??= sendAll().finally(() => {
        sending = undefined;
      });
    },
    async end() {
      ended.abort();
      await sending;
    },
  };
}

function nextBatch(lines: readonly Line[]): Line[] {
  let characters = 0;
  const end = lines.findIndex((line) => {
    characters += line.text.length;
    return characters > BATCH_CHARACTERS;
  });
  return lines.slice(0, Math.min(BATCH_LINES, end === -1 ? lines.length : Math.max(1, end)));
}
