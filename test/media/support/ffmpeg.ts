import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MAX_BYTES = 256 * 1024 * 1024;

/** Runs FFmpeg outside of the product, to make sources and to look at results. Returns its standard output. */
export async function ffmpeg(...args: readonly string[]): Promise<string> {
  const all = ['-hide_banner', '-nostdin', '-v', 'error', ...args];
  return (await execute('ffmpeg', all, { maxBuffer: MAX_BYTES })).stdout;
}

export async function ffprobe(...args: readonly string[]): Promise<string> {
  return (await execute('ffprobe', ['-hide_banner', '-v', 'error', ...args], { maxBuffer: MAX_BYTES })).stdout;
}

/** The messages that decoding a file gives. */
export async function decodingErrors(path: string): Promise<string> {
  const args = ['-hide_banner', '-nostdin', '-v', 'error', '-i', path, '-f', 'null', '-'];
  return (await execute('ffmpeg', args, { maxBuffer: MAX_BYTES })).stderr;
}
