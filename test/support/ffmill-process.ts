import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../bin/ffmill.mjs', import.meta.url));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Ffmill = {
  readonly child: ChildProcess;
  /** All of stdout so far. */
  stdout(): string;
  /** Resolves when stdout holds the text; fails when the process ends before. */
  said(text: string | RegExp): Promise<void>;
  readonly ended: Promise<Ended>;
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
  const ended = new Promise<Ended>((resolve) => child.once('close', (code) => resolve({ code, ...texts })));
  return {
    child,
    ended,
    stdout: () => texts.stdout,
    async said(text) {
      const heard = Promise.withResolvers<void>();
      const look = () => {
        if (texts.stdout.match(text)) heard.resolve();
      };
      listeners.add(look);
      look();
      void ended.then(({ code }) =>
        heard.reject(new Error(`ended with ${code} before it said ${text}: ${texts.stdout}${texts.stderr}`)),
      );
      await heard.promise.finally(() => listeners.delete(look));
    },
  };
}

function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return ''; // ended meanwhile
      }
    })
    .filter((command) => command.includes(text));
}
