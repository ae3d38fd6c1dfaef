import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOIN_FAILED, type JobRun, runJob, type Wish } from '../support/run-job.ts';
import {
  AUDIO_FRAME_SECONDS,
  allDifferent,
  keptOf,
  sameFile,
  sameFrames,
  samePace,
  samePackets,
  sameTimes,
  syncOffset,
} from './compare.ts';
import { lookAtFile } from './look-at-file.ts';
import { makeSource } from './make-source.ts';
import { measureSeams, type SeamQuality } from './measure-seams.ts';
import type { Made, Pair } from './pair.ts';
import type { Row } from './row.ts';

/** What became of a row. */
export type RowResult = {
  readonly name: string;
  /** How many segments, or why there is one. */
  readonly cut: number | string;
  readonly frames: number;
  readonly sourceFrames: number;
  /** Whether the lossless frames are those of the source. */
  readonly equal: boolean;
  readonly syncSeconds: number | null;
  readonly kept: readonly string[];
  readonly seams: SeamQuality | null;
  /** What is not as it should be, in words; empty for a good row. */
  readonly problems: readonly string[];
};

type RunOptions = {
  /** Where sources are kept. */
  readonly sources?: string;
  /** Any reason not to cut will do, and any number of segments. */
  readonly mayBeWhole?: boolean;
};

/**
 * Encodes the row's source without loss and in its ordinary profile, cut and in one process, and compares. Of what is
 * not cut there is one process only: it is compared with the source.
 *
 * @throws what a job throws that ought to succeed
 */
export async function runRow(row: Row, { sources, mayBeWhole = false }: RunOptions = {}): Promise<RowResult> {
  const input = await makeSource(row.source, sources);
  const whole = mayBeWhole ? 'maybe' : (row.whole ?? null);
  const folder = await mkdtemp(join(tmpdir(), 'ffmill-row-'));
  try {
    const source = await lookAtFile(input);
    const lossless = await pair(row, { input, profile: 'lossless', encode: row.lossless }, folder);
    const ordinary = await pair(row, { input, profile: row.profile, encode: row.encode }, folder);
    const kept = keptOf(ordinary.split.look, source, row.lost);
    const sync = syncOffset(ordinary.split.look, source);
    const equal = sameFrames(lossless.split.look, source, 'the source');
    const seams = await seamsOf(row, ordinary, lossless.split);
    return {
      name: row.name,
      cut: lossless.split.run.plan.unsplitReason ?? segmentsOf(lossless.split.run),
      frames: lossless.split.look.frames.length,
      sourceFrames: source.frames.length,
      equal: equal.length === 0,
      syncSeconds: sync,
      kept: kept.kept,
      seams,
      problems: [
        ...(allDifferent(source.frames) ? [] : ['the source shows frames that look alike']),
        ...equal,
        ...judge('lossless', lossless, whole),
        ...judge('ordinary', ordinary, whole ?? row.wholeOrdinary ?? null),
        ...samePace(ordinary.split.look, source, 'the source'),
        ...(sync !== null && sync > AUDIO_FRAME_SECONDS ? [`sound moved by ${Math.round(sync * 1000)} ms`] : []),
        ...kept.problems,
        ...(seams?.problems ?? []),
      ],
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Null where there are none, or where the ordinary picture is of another size than the source's. */
async function seamsOf(row: Row, { split, whole }: Pair, meant: Made): Promise<SeamQuality | null> {
  if (whole === null || row.encode.width !== undefined) return null;
  return measureSeams({ split, whole, meant, long: row.seams });
}

async function pair(row: Row, job: Omit<Wish, 'output'>, folder: string): Promise<Pair> {
  const make = async (name: string, segment: NonNullable<Wish['segment']>): Promise<Made> => {
    const scratch = join(folder, `${job.profile}-${name}`);
    await mkdir(scratch);
    const run = await runJob({ ...job, segment, scratch, output: join(scratch, `out.${row.to}`) });
    return { run, look: await lookAtFile(run.path) };
  };
  const split = await make('split', { mode: 'fixed', seconds: row.segmentSeconds });
  const reason = split.run.plan.unsplitReason;
  // A failed join ends in one process too, but that may read a copy of the source: it is compared all the same
  if (reason !== null && reason !== JOIN_FAILED) return { split, whole: null };
  return { split, whole: await make('whole', { mode: 'off' }) };
}

/** `reason`: why it is not to be cut; null: it is to be; `maybe`: as it likes. */
function judge(which: string, { split, whole }: Pair, reason: string | null): string[] {
  const found = split.run.plan.unsplitReason;
  const problems = [
    ...(found === reason || reason === 'maybe' ? [] : [`${found ?? 'it is cut'}, expected: ${reason ?? 'to be cut'}`]),
    ...(split.look.complaints === '' ? [] : [`decoding says ${split.look.complaints.slice(0, 200)}`]),
  ];
  if (whole !== null) {
    const one = 'one process';
    problems.push(
      ...(reason === null && segmentsOf(split.run) < 3 ? [`only ${segmentsOf(split.run)} segments`] : []),
      ...(which === 'lossless' ? sameFrames(split.look, whole.look, one) : []),
      ...sameTimes(split.look, whole.look, one),
      ...samePackets(split.look, whole.look, one),
      ...sameFile(split.look, whole.look, one),
    );
  }
  return problems.map((problem) => `${which}: ${problem}`);
}

function segmentsOf({ plan }: JobRun): number {
  return plan.tasks.filter(({ kind }) => kind === 'segment').length;
}
