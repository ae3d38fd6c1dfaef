import type { Verification } from '../../../shared/job/task-result.ts';
import type { JobView } from '../../../shared/wire/jobs.ts';
import { byteSize, counted } from './amounts.ts';
import { printable } from './printable.ts';

/** What a person wants to know about a completed job, at its end. `wallSeconds`: how long they waited. */
export function summaryText(job: JobView, wallSeconds: number): string {
  const { stats, result } = job;
  const facts = [
    ['took', took(wallSeconds, stats.media_seconds)],
    [
      'segments',
      stats.segments > 0
        ? counted(stats.segments, 'segment')
        : `not split: ${stats.unsplit_reason ?? 'no reason given'}`,
    ],
    ['sizes', sizes(stats.input_bytes, result?.size_bytes ?? stats.output_bytes)],
    ['verified', checksOf(result?.verification)],
    ...damageOf(result?.verification).map((place) => ['damaged', place]),
    ['file', result?.output ?? job.output],
  ];
  return ['completed', ...facts.map(([name = '', value = '']) => `  ${name.padEnd(9)} ${printable(value)}`)].join('\n');
}

/** How a job that did not make it ended. */
export function endText(job: JobView): string {
  if (job.error === null) return `job ${job.number} is ${job.state}`;
  const { message, code, fault } = job.error;
  return printable(`job ${job.number} ${job.state}: ${message} (${code}, fault: ${fault})`);
}

function took(wallSeconds: number, mediaSeconds: number | null): string {
  const wall = `${wallSeconds.toFixed(1)} s`;
  if (mediaSeconds === null) return wall;
  return `${wall} for ${mediaSeconds.toFixed(1)} s of media: ${(mediaSeconds / wallSeconds).toFixed(2)} x real time`;
}

function sizes(input: number | null, output: number | null): string {
  const share = input && output ? ` (${Math.round((output / input) * 100)} %)` : '';
  return `${input === null ? '?' : byteSize(input)} -> ${output === null ? '?' : byteSize(output)}${share}`;
}

/** More than so many places nobody reads; the job's verification holds more. */
const PLACES_SHOWN = 10;

function damageOf(verification: unknown): string[] {
  const { damage = [] } = (verification ?? {}) as Partial<Verification>;
  const places = damage.slice(0, PLACES_SHOWN).map(({ type, from_seconds: from, to_seconds: to, message }) => {
    const what = type === 'video' ? 'picture' : 'sound';
    return `${what}, ${from.toFixed(3)} to ${to.toFixed(3)} s: ${message}`;
  });
  const more = damage.length - places.length;
  return more > 0 ? [...places, `and ${more} more places`] : places;
}

function checksOf(verification: unknown): string {
  const { checks = [], level } = (verification ?? {}) as Partial<Verification>;
  return `${checks.join('; ') || 'nothing'}${level === undefined ? '' : ` (${level})`}`;
}
