import { AppError } from '../../../shared/errors.ts';
import type { OnError } from '../../../shared/job/job.ts';
import type { Damage } from '../../../shared/job/task-result.ts';
import { findInputDamage, OUT_OF_ORDER } from '../ffmpeg/input-damage.ts';
import { isJoinedRecordings } from '../ffmpeg/joined-recordings.ts';
import { locateDamage } from '../ffmpeg/locate-damage.ts';
import { ownWords } from '../ffmpeg/log-line.ts';
import type { FfmpegEnd } from '../ffmpeg/run.ts';
import { isPictureGoingBack, pictureGoesBack, saysPictureGoesBack } from './check-times-rise.ts';
import { runTaskFfmpeg, type TaskFfmpeg } from './run-task-ffmpeg.ts';
import type { TaskContext } from './task-context.ts';

/** More places of one run say only that all of it is damaged; the rest is left out. */
const MOST_PLACES = 100;

type SourceEncode = Omit<TaskFfmpeg, 'args'> & {
  /** Of the run; `lenient`: that goes on where a strict one takes for damage what is none. */
  args(lenient: boolean): readonly string[];
  readonly onError: OnError;
  /** Path of what is read. */
  readonly source: string;
  /** The streams that are decoded. */
  readonly decoded: readonly { readonly type: 'video' | 'audio'; readonly stream: number }[];
  /** What of them is wanted, in seconds on the source's own clock; null is open-ended. */
  readonly from: number | null;
  readonly to: number | null;
  /** What the result counts from, on the source's clock. */
  readonly originSeconds: number;
};

type Leniency = {
  /** The run goes on where a strict one ends. */
  readonly lenient: boolean;
  /** The file is two recordings in one: counters that jump are no damage. */
  readonly joined: boolean;
};

type Encoded = { readonly end: FfmpegEnd; readonly damage: Damage[] };

/**
 * The run that decodes the source. When FFmpeg complains of it, the damage is looked for once more, stream by stream, so
 * that the error or the result can say where it is. Where packets are copied or subtitles come along FFmpeg goes on in
 * spite of damage; with `fail` what was concealed without being asked for fails all the same. What was called damaged
 * and is not (two recordings in one transport stream, sound out of order) is encoded again, more leniently.
 *
 * @throws AppError `input_corrupt` with `fail`, naming the first place if one is found; what `runTaskFfmpeg` throws.
 */
export async function encodeSource(context: TaskContext, encode: SourceEncode): Promise<Encoded> {
  return await tryToEncode(context, encode, { lenient: false, joined: false }).catch(async (error: unknown) => {
    context.signal.throwIfAborted();
    if (!(error instanceof AppError) || error.code !== 'input_corrupt') throw error;
    const joined = await isJoinedRecordings(encode.source);
    if (!joined && (isPictureGoingBack(error) || !OUT_OF_ORDER.test(error.message))) throw error;
    return await tryToEncode(context, encode, { lenient: true, joined });
  });
}

async function tryToEncode(
  context: TaskContext,
  encode: SourceEncode,
  { lenient, joined }: Leniency,
): Promise<Encoded> {
  const run = { ...encode, args: encode.args(lenient) };
  const hearing = listenForBack(context, encode);
  const end = await runTaskFfmpeg(hearing.context, run).catch(async (error: unknown) => {
    context.signal.throwIfAborted();
    hearing.check(joined);
    if (!(error instanceof AppError) || error.code !== 'input_corrupt') throw error;
    const { damage } = await findDamage(context, encode, joined).catch(withoutPlace(context));
    throw failureAt(damage) ?? error;
  });
  hearing.check(joined);
  if (end.inputDamage === null) return { end, damage: [] };
  if (encode.onError === 'fail') {
    await failWhenDamaged(context, encode, { words: end.inputDamage, joined });
    return { end, damage: [] };
  }
  const { damage } = await findDamage(context, encode, joined).catch(withoutPlace(context));
  return { end, damage: damage.slice(0, MOST_PLACES) };
}

/**
 * Where FFmpeg does not end at a picture that goes back in time it would put all that follows into no time. Two
 * recordings in one transport stream it puts one after the other.
 */
function listenForBack(context: TaskContext, { decoded, onError }: SourceEncode) {
  let words: string | null = null;
  const listens = onError === 'fail' && decoded.some(({ type }) => type === 'video');
  const onLine = (line: string) => {
    if (listens && saysPictureGoesBack(line)) words ??= ownWords(line);
    context.onLine(line);
  };
  return {
    context: { ...context, onLine },
    check(joined: boolean) {
      if (words !== null && !joined) throw pictureGoesBack(words);
    },
  };
}

/** `words`: what FFmpeg said in a run that went on to its end. It counts though it is not heard again in the search. */
async function failWhenDamaged(
  context: TaskContext,
  encode: SourceEncode,
  { words, joined }: { words: string; joined: boolean },
): Promise<void> {
  const { damage, elsewhere } = await findDamage(context, encode, joined);
  const failure = failureAt(damage);
  if (failure !== null) throw failure;
  // Where nothing was looked through, what the demuxer skipped may have been a header.
  const harmless = encode.decoded.length === 0 && findInputDamage([words]) === null;
  if (elsewhere || joined || harmless) return;
  throw new AppError('input_corrupt', `the input is damaged: ${words}`);
}

type Found = {
  readonly damage: readonly Damage[];
  /** Whether there was a complaint of what is not wanted: that is said where it is. */
  readonly elsewhere: boolean;
};

/** @throws AppError what `locateDamage` throws. */
async function findDamage(context: TaskContext, encode: SourceEncode, joined: boolean): Promise<Found> {
  const { signal, stallMs, binaries } = context;
  const { source: path, from, to, originSeconds: origin, onError } = encode;
  const found: Damage[] = [];
  let elsewhere = false;
  for (const { type, stream } of encode.decoded) {
    const look = { path, stream, type, from, to, joined };
    const located = await locateDamage({
      ...{ ...look, ffmpeg: binaries.ffmpeg, signal, stallMs, firstOnly: onError === 'fail' },
    });
    elsewhere ||= located.elsewhere;
    for (const one of located.inside)
      found.push({ type, stream, from_seconds: one.from - origin, to_seconds: one.to - origin, message: one.message });
  }
  return { damage: found.sort((a, b) => a.from_seconds - b.from_seconds), elsewhere };
}

/** For where the search only adds a place to what is known: a search that failed adds none. */
function withoutPlace({ signal, log, jobId }: TaskContext): (error: unknown) => Found {
  return (error) => {
    signal.throwIfAborted();
    log.warn({ err: error, job_id: jobId }, 'damage could not be located');
    return { damage: [], elsewhere: false };
  };
}

function failureAt([first]: readonly Damage[]): AppError | null {
  if (first === undefined) return null;
  const what = first.type === 'video' ? 'the picture' : 'the sound';
  const where = `stream ${first.stream}, ${what}, at ${first.from_seconds.toFixed(3)} s`;
  return new AppError('input_corrupt', `the input is damaged (${where}): ${first.message}`);
}
