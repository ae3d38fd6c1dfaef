import { isDeepStrictEqual } from 'node:util';
import { countDifferent, type Frame, largestShift } from '../support/frames.ts';
import { COLORS, type FileLook, pictureOf, type StreamLook } from './describe-file.ts';
import type { Look } from './look-at-file.ts';

/** Matroska rounds to milliseconds. */
const ROUNDING_SECONDS = 0.001_01;
/** 1024 samples at 48 kHz. */
export const AUDIO_FRAME_SECONDS = 1024 / 48_000;

/** Whether the pictures are the same ones; what is wrong, in words. */
export function sameFrames(made: Look, other: Look, of: string): string[] {
  if (made.frames.length !== other.frames.length)
    return [`${made.frames.length} frames instead of the ${other.frames.length} of ${of}`];
  const different = countDifferent(made.frames, other.frames);
  return different === 0 ? [] : [`${different} of ${made.frames.length} frames are not those of ${of}`];
}

/** Whether the pictures are shown at the same moments. */
export function sameTimes(made: Look, other: Look, of: string, tolerance = 1e-6): string[] {
  if (made.frames.length !== other.frames.length)
    return [`${made.frames.length} frames instead of the ${other.frames.length} of ${of}`];
  const shift = largestShift(made.frames, other.frames);
  return shift <= tolerance ? [] : [`frames up to ${ms(shift)} away from where ${of} has them`];
}

/** As `sameTimes`, the first frame being at zero in both. */
export function samePace(made: Look, other: Look, of: string): string[] {
  return sameTimes(fromZero(made), fromZero(other), of, ROUNDING_SECONDS);
}

function fromZero(look: Look): Look {
  const first = look.frames[0]?.seconds ?? 0;
  return { ...look, frames: look.frames.map((frame) => ({ ...frame, seconds: frame.seconds - first })) };
}

export function samePackets(made: Look, other: Look, of: string): string[] {
  if (made.packets.length !== other.packets.length)
    return [`${made.packets.length} packets of sound instead of the ${other.packets.length} of ${of}`];
  const different = countDifferent(made.packets, other.packets);
  if (different > 0) return [`${different} packets of sound are not those of ${of}`];
  const shift = largestShift(made.packets, other.packets);
  return shift <= ROUNDING_SECONDS ? [] : [`sound up to ${ms(shift)} away from where ${of} has it`];
}

/**
 * By how much picture and sound have moved against each other since the source, at the worst moment; null where the
 * source is too short to flash or is silent.
 */
export function syncOffset(made: Look, source: Look): number | null {
  const [before, after] = [offsets(source), offsets(made)];
  if (before.length === 0) return null;
  return before.reduce((most, offset, index) => {
    const now = after[index] ?? Number.POSITIVE_INFINITY;
    return Math.max(most, Math.abs(now - offset));
  }, 0);
}

/** From each flash to the beep nearest to it. */
function offsets({ flashes, beeps }: Look): number[] {
  if (beeps.length === 0) return [];
  return flashes
    .map((flash) =>
      beeps.reduce((nearest, beep) => (Math.abs(beep - flash) < Math.abs(nearest) ? beep - flash : nearest), Infinity),
    )
    .filter((offset) => Math.abs(offset) < 0.5); // the sound may be shorter than the picture
}

/** Whether everything that is told about two files is the same. */
export function sameFile(made: FileLook, other: FileLook, of: string): string[] {
  const differing = made.streams.flatMap((stream, index) => {
    const twin = other.streams[index];
    if (isDeepStrictEqual(stream, twin)) return [];
    return [`stream ${index} is not that of ${of}: ${JSON.stringify(stream)} ≠ ${JSON.stringify(twin)}`];
  });
  return [
    ...(made.streams.length === other.streams.length
      ? []
      : [`${made.streams.length} streams, not ${other.streams.length}`]),
    ...differing,
    ...(isDeepStrictEqual(made.chapters, other.chapters) ? [] : [`chapters ${made.chapters} ≠ ${other.chapters}`]),
    ...(made.title === other.title ? [] : [`title ${made.title} ≠ ${other.title}`]),
  ];
}

type Kept = { readonly kept: readonly string[]; readonly problems: readonly string[] };

/**
 * What of the source's streams, languages, titles, dispositions, chapters, tags, colors and HDR metadata is in the
 * result. `lost`: what may be missing. Turned pictures are to be upright.
 */
export function keptOf(made: FileLook, source: FileLook, lost: readonly string[]): Kept {
  const kept: string[] = [];
  const problems: string[] = [];
  const judge = (what: string, is: boolean) => {
    if (is) kept.push(what);
    if (is === lost.includes(what)) problems.push(is ? `${what} is kept after all` : `${what} is lost`);
  };
  const remaining = [...made.streams];
  const chapters = (type: string) => type === 'data'; // the track that MP4 keeps them in
  for (const stream of source.streams.filter(({ type }) => !chapters(type))) {
    const what = nameOf(stream);
    const at = remaining.findIndex((candidate) => nameOf(candidate) === what && said(candidate) === said(stream));
    judge(what, at >= 0);
    if (at >= 0) remaining.splice(at, 1);
  }
  if (source.chapters.length > 0) judge('chapters', isDeepStrictEqual(rough(made.chapters), rough(source.chapters)));
  if (source.title !== undefined) judge('title', made.title === source.title);
  const [before, after] = [pictureOf(source), pictureOf(made)];
  for (const name of COLORS)
    if (before?.fields[name] !== undefined) judge(name, after?.fields[name] === before.fields[name]);
  for (const [sort, data] of Object.entries(before?.sideData ?? {})) {
    if (sort === 'Display Matrix') judge('upright', after?.sideData[sort] === undefined && turned(before, after));
    else judge(sort, isDeepStrictEqual(after?.sideData[sort], data));
  }
  return { kept, problems };
}

/** To a tenth of a second: a codec's run-up may move a whole file. */
function rough(chapters: readonly string[]): string[] {
  return chapters.map((chapter) => chapter.replaceAll(/\d+\.\d+/g, (seconds) => Number(seconds).toFixed(1)));
}

/** `video`, `cover`, `audio`, `font`, or the subtitle's codec. */
function nameOf({ type, codec, dispositions }: StreamLook): string {
  if (type === 'video') return dispositions.includes('attached_pic') ? 'cover' : 'video';
  if (type === 'subtitle')
    return { hdmv_pgs_subtitle: 'pgs', subrip: 'text', ass: 'text', mov_text: 'text' }[codec] ?? codec;
  return type === 'attachment' ? 'font' : type;
}

/** What people chose a stream by. MP4 marks a first stream as default that nobody marked. */
function said({ language, title, dispositions }: StreamLook): string {
  return JSON.stringify([language, title, dispositions.filter((name) => name !== 'default')]);
}

function turned(before: StreamLook | undefined, after: StreamLook | undefined): boolean {
  return isDeepStrictEqual(sizeOf(after), sizeOf(before).toReversed());
}

/** Width and height. */
function sizeOf(picture: StreamLook | undefined): unknown[] {
  return ['width', 'height'].map((name) => picture?.fields[name]);
}

/** Whether no frame looks like another: else a frame shown twice could pass for the next. */
export function allDifferent(frames: readonly Frame[]): boolean {
  return new Set(frames.map(({ hash }) => hash)).size === frames.length;
}

function ms(seconds: number): string {
  return `${(seconds * 1000).toFixed(3)} ms`;
}
