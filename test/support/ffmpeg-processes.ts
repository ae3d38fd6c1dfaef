import { readdirSync, readFileSync } from 'node:fs';
import { isAlive } from './is-alive.ts';

/** Pids of FFmpeg processes whose command line names the text: those of one test, told by its folder. */
export function ffmpegProcesses(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^[0-9]+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const words = commandLine(pid);
      return words.some((word) => /(^|\/)ffmpeg$/.test(word)) && words.join(' ').includes(text) && isAlive(pid);
    });
}

function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // ended meanwhile
  }
}
