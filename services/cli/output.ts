import type { Writable } from 'node:stream';
import type { Environment } from './environment.ts';

/**
 * Where a command speaks. People get text on stdout as things happen; with `--json` stdout carries exactly one
 * document, the first answer, and nothing else. Diagnostics go to stderr either way.
 */
export type Output = {
  readonly json: boolean;
  /** A terminal that can be drawn on; null for pipes, files, `--json` and TERM=dumb. */
  readonly terminal: Terminal | null;
  /** Aborted once nobody reads stdout any more (`| head`); what is said then goes nowhere. */
  readonly readerGone: AbortSignal;
  answer(document: unknown, text: string): void;
  /** Something on the way to the answer; for people only. */
  say(text: string): void;
  note(text: string): void;
};

export type Terminal = {
  readonly colors: boolean;
  /** Whether block characters can be shown: the locale says UTF-8. */
  readonly unicode: boolean;
  size(): { columns: number; rows: number };
  write(text: string): void;
};

type Stream = Writable & { isTTY?: boolean; columns?: number; rows?: number };

export function createOutput(
  streams: { stdout: Stream; stderr: Stream },
  options: { json: boolean; env: Environment },
): Output {
  const { stdout, stderr } = streams;
  const readerGone = new AbortController();
  let answered = false;
  // A reader that left (EPIPE) or a terminal that was closed (EIO) is no failure of ours: nobody is left to be told.
  stdout.on('error', () => readerGone.abort());
  stderr.on('error', () => {});

  const write = (text: string) => {
    if (!readerGone.signal.aborted) stdout.write(text);
  };
  return {
    json: options.json,
    terminal:
      !options.json && stdout.isTTY && options.env.TERM !== 'dumb' ? terminalOn(stdout, write, options.env) : null,
    readerGone: readerGone.signal,
    answer(document, text) {
      if (options.json && answered) return;
      answered = true;
      if (options.json) write(`${JSON.stringify(document, null, 2)}\n`);
      else if (text !== '') write(`${text}\n`);
    },
    say(text) {
      if (!options.json) write(`${text}\n`);
    },
    note(text) {
      stderr.write(`${text}\n`);
    },
  };
}

function terminalOn(stdout: Stream, write: (text: string) => void, env: Environment): Terminal {
  return {
    colors: !env.NO_COLOR,
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
    size: () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }),
    write,
  };
}
