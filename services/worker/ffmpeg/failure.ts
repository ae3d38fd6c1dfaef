import { AppError } from '../../../shared/errors.ts';
import {
  FAILURE_RULES,
  type FailureRule,
  OPENING_RULES,
  OUTPUT_RULES,
  REFERENCE_RULES,
  STORAGE_RULES,
} from './failure-rules.ts';
import { failureOfHardware } from './hardware-failure.ts';
import { findInputDamage, OUT_OF_ORDER } from './input-damage.ts';
import { isComplaint, isFfmpegsOwn, ownWords } from './log-line.ts';
import type { ToolEnd } from './run-tool.ts';

/** Signals by which a process that broke ends; by any other it was killed by someone. */
const CRASHES = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGTRAP', 'SIGSYS'];

/** How `setpriv` and the shell say that there is no such program, or that it is none. */
const NOT_STARTED = [126, 127];

/**
 * What an end of FFmpeg or ffprobe amounts to; null for a good one. `args` are those it ran with: the last names the
 * output, and `-xerror` among them makes it end at the first damage, often without a word of its own.
 */
export function failureOfEnd(end: ToolEnd, stderr: readonly string[], args: readonly string[] = []): AppError | null {
  const failure = failureOfAnyEnd(end, stderr, args);
  return failure && failureOfHardware(failure, stderr.filter(isComplaint), args);
}

function failureOfAnyEnd(end: ToolEnd, stderr: readonly string[], args: readonly string[]): AppError | null {
  if (end.error !== null) return failureToRun(end.error);
  if (end.exitCode === 0) return failureDespiteSuccess(stderr);
  if (end.signal !== null) return failureBySignal(end.signal);
  if (end.exitCode !== null && NOT_STARTED.includes(end.exitCode)) return failureToStart(stderr.at(-1));
  // FFmpeg catches SIGINT and SIGTERM, closes the file and exits with 255
  const caught = stderr.find((line) => /received signal \d+/.test(line));
  if (caught !== undefined) return failureBySignal(ownWords(caught));
  return (
    failureByWords(stderr.filter(isComplaint), args) ??
    firstMatch(REFERENCE_RULES, stderr) ??
    failureUnknown(end, stderr)
  );
}

/** The MP4 muxer of 5.1 forgets that a fragment could not be written: a full disk, a cut off file, and exit code 0. */
function failureDespiteSuccess(stderr: readonly string[]): AppError | null {
  const closing = stderr.filter((line) => isComplaint(line) && /Error (?:writing trailer of|closing file)/.test(line));
  return firstMatch(STORAGE_RULES, closing);
}

/** It did not start, or what it was to read from standard input could not be read. */
function failureToRun(cause: NodeJS.ErrnoException): AppError {
  if (cause.syscall?.startsWith('spawn')) return failureToStart(cause.message, cause);
  const code = cause.code === 'ENOENT' ? 'part_lost' : 'storage_failed';
  return new AppError(code, `a finished segment could not be read: ${cause.message}`, { cause });
}

function failureToStart(words = '', cause?: unknown): AppError {
  return new AppError('ffmpeg_missing', `FFmpeg could not be started; is it installed? ${words}`.trim(), { cause });
}

function failureBySignal(signal: string): AppError {
  return CRASHES.includes(signal)
    ? new AppError('ffmpeg_failed', `FFmpeg crashed: ${signal}`)
    : new AppError('ffmpeg_killed', `FFmpeg was killed from outside, perhaps for want of memory: ${signal}`);
}

function failureByWords(complaints: readonly string[], args: readonly string[]): AppError | null {
  const output = args.at(-1);
  const ofOutput = complaints.filter((line) => output?.startsWith('file:') && line.includes(output));
  const ofTheRest = complaints.filter((line) => !ofOutput.includes(line));
  return (
    firstMatch(OUTPUT_RULES, ofOutput) ??
    firstMatch(FAILURE_RULES, [...ofTheRest, ...ofOutput]) ??
    failureByDamage(complaints, args) ??
    firstMatch(OPENING_RULES, ofTheRest)
  );
}

function firstMatch(rules: readonly FailureRule[], lines: readonly string[]): AppError | null {
  for (const { code, pattern, sentence } of rules) {
    const line = lines.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return new AppError(code, `${sentence}: ${ownWords(line)}`);
  }
  return null;
}

function failureByDamage(complaints: readonly string[], args: readonly string[]): AppError | null {
  const damage = findInputDamage(complaints) ?? (args.includes('-xerror') ? endOfStrictRun(complaints) : null);
  return damage === null ? null : new AppError('input_corrupt', `the input is damaged: ${damage}`);
}

/** With `-xerror` FFmpeg may end at once on a decoder's error; on anyone else's it says first what it makes of it. */
function endOfStrictRun(complaints: readonly string[]): string | null {
  // FFmpeg 7 goes on to say whose end it was.
  const last = complaints.find((line) => OUT_OF_ORDER.test(line)) ?? complaints.at(-1);
  if (last === undefined) return 'FFmpeg gave up without a word';
  return isFfmpegsOwn(last) ? null : ownWords(last);
}

function failureUnknown(end: ToolEnd, stderr: readonly string[]): AppError {
  const line = stderr.findLast(isComplaint) ?? stderr.at(-1);
  return new AppError('ffmpeg_failed', `FFmpeg failed (exit code ${end.exitCode})${line ? `: ${ownWords(line)}` : ''}`);
}
