import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { dyingWithParent } from './parent-death.ts';

type Tool = {
  /** Absolute path. */
  readonly binary: string;
  readonly args: readonly string[];
  /** Abort: TERM to the whole process group, KILL after 5 s. */
  readonly signal: AbortSignal;
  /** What the tool reads from its standard input; nothing when left out. */
  readonly input?: Readable;
  readonly onStdout: (chunk: Uint8Array) => void;
  readonly onStderr: (chunk: Uint8Array) => void;
  readonly onStart?: (pid: number) => void;
};

export type ToolEnd = {
  /** null when it ended by a signal or never began. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** What went wrong on this side: it could not be started, or its input could not be read. */
  readonly error: NodeJS.ErrnoException | null;
};

const KILL_AFTER_MS = 5000;

/** FFmpeg obeys variables (FFREPORT writes files, AV_LOG_FORCE_COLOR colours the log): it gets these and no others. */
const PASSED_ON = ['PATH', 'HOME', 'TMPDIR', 'LD_LIBRARY_PATH'];

/**
 * Runs FFmpeg or ffprobe to its end: resolves only when the process is gone and all it wrote has been handed over,
 * also after an abort. How it ended is a value; what that means is for the caller to say.
 */
export async function runTool(tool: Tool): Promise<ToolEnd> {
  tool.signal.throwIfAborted();
  const [file = '', ...args] = await dyingWithParent([tool.binary, ...tool.args]);
  const subprocess = execa(file, args, {
    // A stream without a file of its own needs the pipe.
    stdin: tool.input === undefined ? 'ignore' : ['pipe', tool.input],
    buffer: false, // handed over chunk by chunk; execa keeps nothing
    encoding: 'buffer',
    cwd: '/', // every path is absolute, and a relative one must not find anything
    env: environment(),
    extendEnv: false,
    reject: false,
    cancelSignal: tool.signal,
    killDescendants: true, // its own process group, and signals to all of it
    forceKillAfterDelay: KILL_AFTER_MS,
  });
  subprocess.stdout?.on('data', tool.onStdout);
  subprocess.stderr?.on('data', tool.onStderr);
  if (subprocess.pid !== undefined) tool.onStart?.(subprocess.pid);
  const end = await subprocess;
  return { exitCode: end.exitCode ?? null, signal: end.signal ?? null, error: ownError(end.cause, tool.signal) };
}

function environment(): Record<string, string> {
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passedOn), LANG: 'C', LC_ALL: 'C' };
}

function ownError(cause: unknown, signal: AbortSignal): NodeJS.ErrnoException | null {
  return cause instanceof Error && cause !== signal.reason ? cause : null;
}
