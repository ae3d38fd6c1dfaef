import { readFile } from 'node:fs/promises';
import { type Piece, type Stretch, writeSparse } from './stretch.ts';

/** Boxes that hold boxes, on the way to the sample tables. */
const HOLDERS = ['moov', 'trak', 'edts', 'mdia', 'minf', 'stbl'];
const HEADER = 8;
const WIDE_HEADER = 16;
/** More than a keyframe. */
const FIRST_BYTES = 200_000;

/** What of the clip the tables are repeated by. */
type Repeat = {
  readonly times: number;
  /** Where the clip's media begin, and how many bytes they are. */
  readonly from: number;
  readonly size: number;
  /** Where the first repetition's media begin in the result. */
  readonly to: number;
};

/**
 * A long MP4 of a short one that FFmpeg made with its index in front: the index is that of so many repetitions, sample by
 * sample, in a single `moov` as of any film. Of the media each repetition has the first packets, with the keyframe, and a
 * hole for the rest.
 */
export async function stretchMp4({ clip, output, times }: Stretch): Promise<void> {
  const bytes = await readFile(clip);
  const top = boxesOf(bytes);
  const mdat = only(top, 'mdat');
  const media = bytes.subarray(mdat.start + HEADER, mdat.end);
  const head = bytes.subarray(0, only(top, 'moov').start);
  const repeat = { times, from: mdat.start + HEADER, size: media.length };
  const moov = (to: number) =>
    stretched(bytes.subarray(only(top, 'moov').start, only(top, 'moov').end), { ...repeat, to });
  const to = head.length + moov(0).length + WIDE_HEADER;
  const sizeBytes = to + times * media.length;
  await writeSparse(output, sizeBytes, pieces());

  function* pieces(): Generator<Piece> {
    yield { at: 0, bytes: Buffer.concat([head, moov(to), wideHeader('mdat', WIDE_HEADER + times * media.length)]) };
    yield { at: to, bytes: media };
    const first = media.subarray(0, FIRST_BYTES);
    for (let index = 1; index < times; index++) yield { at: to + index * media.length, bytes: first };
  }
}

type Box = { readonly type: string; readonly start: number; readonly end: number };

function boxesOf(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + bytes.readUInt32BE(start);
    boxes.push({ type: bytes.toString('latin1', start + 4, start + HEADER), start, end });
    start = end;
  }
  return boxes;
}

function only(boxes: readonly Box[], type: string): Box {
  const box = boxes.find((one) => one.type === type);
  if (box === undefined) throw new Error(`no ${type}`);
  return box;
}

/** The box with its header, as it is for the repeated clip. */
function stretched(box: Buffer, repeat: Repeat, around: Buffer = box): Buffer {
  const type = box.toString('latin1', 4, HEADER);
  const body = box.subarray(HEADER);
  if (type === 'stco') return withHeader('co64', offsets(body, repeat));
  if (!HOLDERS.includes(type)) return withHeader(type, (LEAVES[type] ?? unchanged)(body, repeat.times, around));
  const inner = boxesOf(body).map(({ start, end }) => stretched(body.subarray(start, end), repeat, body));
  return withHeader(type, Buffer.concat(inner));
}

/** What a leaf holds when the clip is repeated; `around`: the body of the box that holds it. */
const LEAVES: Readonly<Record<string, (body: Buffer, times: number, around: Buffer) => Buffer>> = {
  mvhd: (body, times) => multiplied(body, 16, times),
  tkhd: (body, times) => multiplied(body, 20, times),
  mdhd: (body, times) => multiplied(body, 16, times),
  elst: (body, times) => multiplied(body, 8 + 12 * (body.readUInt32BE(4) - 1), times),
  stts: (body, times) => repeated(body, 8, times, 0),
  ctts: (body, times) => repeated(body, 8, times, 0),
  stsz: (body, times) => repeated(body, 12, times, 0),
  stsc: (body, times, around) => repeated(body, 8, times, countIn(around, 'stco', 4), 12),
  stss: (body, times, around) => repeated(body, 8, times, countIn(around, 'stsz', 8), 4),
};

const unchanged = (body: Buffer): Buffer => body;

/** A duration that is so many times as long. */
function multiplied(body: Buffer, at: number, times: number): Buffer {
  const longer = Buffer.from(body);
  longer.writeUInt32BE(body.readUInt32BE(at) * times, at);
  return longer;
}

/**
 * A table whose entries come again and again; the count stands before the first, at `begin`. `step`: what the first number
 * of each entry, of `width` bytes, grows by from one repetition to the next.
 */
function repeated(body: Buffer, begin: number, times: number, step: number, width = 0): Buffer {
  const head = Buffer.from(body.subarray(0, begin));
  head.writeUInt32BE(body.readUInt32BE(begin - 4) * times, begin - 4);
  const repetitions = Array.from({ length: times }, (_, index) => {
    const entries = Buffer.from(body.subarray(begin));
    for (let at = 0; step > 0 && at < entries.length; at += width)
      entries.writeUInt32BE(entries.readUInt32BE(at) + index * step, at);
    return entries;
  });
  return Buffer.concat([head, ...repetitions]);
}

/** Where the chunks are, in numbers wide enough for a long file. */
function offsets(body: Buffer, { times, from, size, to }: Repeat): Buffer {
  const count = body.readUInt32BE(4);
  const table = Buffer.alloc(8 + 8 * count * times);
  table.writeUInt32BE(count * times, 4);
  for (let index = 0; index < times; index++)
    for (let chunk = 0; chunk < count; chunk++) {
      const offset = body.readUInt32BE(8 + 4 * chunk) - from + to + index * size;
      table.writeBigUInt64BE(BigInt(offset), 8 + 8 * (index * count + chunk));
    }
  return table;
}

function countIn(body: Buffer, type: string, at: number): number {
  return body.readUInt32BE(only(boxesOf(body), type).start + HEADER + at);
}

function withHeader(type: string, body: Buffer): Buffer {
  const header = Buffer.alloc(HEADER);
  header.writeUInt32BE(HEADER + body.length, 0);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

function wideHeader(type: string, size: number): Buffer {
  const header = Buffer.alloc(WIDE_HEADER);
  header.writeUInt32BE(1, 0);
  header.write(type, 4, 'latin1');
  header.writeBigUInt64BE(BigInt(size), HEADER);
  return header;
}
