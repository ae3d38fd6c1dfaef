import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Longer than any machine takes for what comes next, shorter than a test's own limit: a failure shall say what it saw. */
const HEARD_MS = 50_000;
const BIN = fileURLToPath(new URL('../../bin/ffmill.mjs', import.meta.url));

/** `code` as a shell sees it: 128 + the number of the signal that ended it. */
export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Ffmill = {
  readonly child: ChildProcess;
  /** All of stdout so far. */
  stdout(): string;
  /** Resolves when stdout holds the text; fails when the process ends before. */
  said(text: string | RegExp): Promise<void>;
  /** The same for stderr. */
  warned(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
  /** The same, but fails after so many milliseconds, with all that can be seen of it. */
  endsWithin(ms: number): Promise<Ended>;
};

/** A folder for files and one for state, and the command line at work in them. */
export type Bench = {
  readonly folder: string;
  readonly env: Record<string, string>;
  start(args: readonly string[], env?: Record<string, string>): Ffmill;
  run(args: readonly string[], env?: Record<string, string>): Promise<Ended>;
  /** Files in the folder, hidden ones too. */
  files(): string[];
  /** Processes that were started for this bench: their command lines name its folder. */
  processes(): string[];
  /** Kills what is left and removes the folders. */
  clear(): void;
};

export function createBench(): Bench {
  const root = mkdtempSync(join(tmpdir(), 'ffmill-cli-'));
  const folder = mkdtempSync(join(root, 'files-'));
  const state = join(root, 'state');
  const env = { PATH: process.env.PATH ?? '', HOME: root, FFMILL_DATA_DIR: state };
  const started: ChildProcess[] = [];

  function start(args: readonly string[], more: Record<string, string> = {}): Ffmill {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd: folder,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    started.push(child);
    return watched(child);
  }

  return {
    folder,
    env,
    start,
    run: (args, more) => start(args, more).ended,
    files: () => readdirSync(folder).sort(),
    processes: () => processesNaming(root),
    clear() {
      for (const child of started) child.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function watched(child: ChildProcess): Ffmill {
  const texts = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      texts[name] += chunk;
      for (const listener of listeners) listener();
    });
  }
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) =>
      resolve({ code: signal === null ? code : 128 + constants.signals[signal], ...texts }),
    ),
  );
  async function hear(stream: keyof typeof texts, text: string | RegExp): Promise<void> {
    const heard = Promise.withResolvers<void>();
    const look = () => {
      if (texts[stream].match(text)) heard.resolve();
    };
    listeners.add(look);
    look();
    void ended.then(({ code }) =>
      heard.reject(new Error(`ended with ${code} before it said ${text}: ${texts.stdout}${texts.stderr}`)),
    );
    await within(heard.promise, HEARD_MS, `has not said ${text}`).finally(() => listeners.delete(look));
  }

  /** Fails after so many milliseconds with all that can be seen of the process. */
  async function within<Result>(what: Promise<Result>, ms: number, otherwise: string): Promise<Result> {
    const over = new AbortController();
    const late = wait(ms, undefined, { signal: over.signal }).then(() => {
      throw new Error(`${otherwise} within ${ms} ms: ${JSON.stringify(texts)}\n${describe(child)}`);
    });
    return Promise.race([what, late]).finally(() => over.abort());
  }

  return {
    child,
    ended,
    endsWithin: (ms) => within(ended, ms, 'has not ended'),
    stdout: () => texts.stdout,
    said: (text) => hear('stdout', text),
    warned: (text) => hear('stderr', text),
  };
}

function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(commandLine)
    .filter((command) => command.includes(text));
}

/** What the kernel knows of a process that should have ended, and of its children: where each thread of them waits. */
function describe({ pid, exitCode, signalCode }: ChildProcess): string {
  const own = `exit code ${exitCode}, signal ${signalCode}`;
  const processes = readdirSync('/proc').filter((name) => name === String(pid) || parentOf(name) === String(pid));
  return [own, ...processes.map((name) => `${name} ${commandLine(name)}: ${threadsOf(name)}`)].join('\n');
}

function threadsOf(pid: string): string {
  const threads = namesIn(`/proc/${pid}/task`).map((thread) => {
    const [, name = '', state = ''] = /^\d+ \((.*)\) (\S)/.exec(textOf(`/proc/${pid}/task/${thread}/stat`)) ?? [];
    return `${name} ${state} ${textOf(`/proc/${pid}/task/${thread}/wchan`)}`;
  });
  return threads.join(', ');
}

function parentOf(pid: string): string | undefined {
  return textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[1];
}

function commandLine(pid: string): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ');
}

/** Empty for a process that has ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
