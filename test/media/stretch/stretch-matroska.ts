import { readFile } from 'node:fs/promises';
import { type Piece, type Stretch, writeSparse } from './stretch.ts';

const ID = { segment: 0x18538067, info: 0x1549a966, tracks: 0x1654ae6b, cluster: 0x1f43b675, cues: 0x1c53bb6b };
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const VOID = 0xec;
const [CUE_POINT, CUE_TIME, CUE_POSITIONS, CUE_TRACK, CUE_CLUSTER] = [0xbb, 0xb3, 0xb7, 0xf7, 0xf1];
/** `44 89 88`: the duration, a float of eight bytes. */
const DURATION = Buffer.from([0x44, 0x89, 0x88]);
/** Sizes are written in eight bytes, the first of which is 01. */
const SIZE_BYTES = 8;
/** An ID of four bytes and its size. */
const CLUSTER_HEADER = 12;
/** The keyframe, some sound, and the frame after it. */
const BLOCKS = 10;

/**
 * A long Matroska file of a short one: a cluster for each repetition, with the first packets and nothing in place of the
 * others, and an index of them all.
 */
export async function stretchMatroska({ clip, output, times }: Stretch): Promise<void> {
  const bytes = await readFile(clip);
  const segment = only(elementsOf(bytes, 0, bytes.length), ID.segment);
  const parts = elementsOf(bytes, segment.begin, segment.end);
  const clusters = parts.filter(({ id }) => id === ID.cluster);
  const [from, until] = [clusters[0]?.start ?? 0, clusters.at(-1)?.end ?? 0];
  const seconds = durationOf(bytes) / 1000;
  const info = longer(bytes.subarray(only(parts, ID.info).start, only(parts, ID.info).end), times);
  const tracks = bytes.subarray(only(parts, ID.tracks).start, only(parts, ID.tracks).end);
  const span = until - from;
  const cues = (first: number) =>
    element(ID.cues, ...Array.from({ length: times }, (_, index) => cue(index * seconds * 1000, first + index * span)));
  const first = info.length + tracks.length + cues(0).length;
  const blocks = firstBlocks(bytes, only(clusters, ID.cluster));
  await writeSparse(output, segment.begin + first + times * span, pieces());

  function* pieces(): Generator<Piece> {
    const head = Buffer.from(bytes.subarray(0, segment.begin));
    sized(first + times * span).copy(head, segment.begin - SIZE_BYTES);
    yield { at: 0, bytes: Buffer.concat([head, info, tracks, cues(first)]) };
    yield { at: segment.begin + first, bytes: bytes.subarray(from, until) };
    for (let index = 1; index < times; index++)
      yield { at: segment.begin + first + index * span, bytes: cluster(index * seconds * 1000, blocks, span) };
  }
}

type Element = { readonly id: number; readonly start: number; readonly begin: number; readonly end: number };

function elementsOf(bytes: Buffer, from: number, until: number): Element[] {
  const elements: Element[] = [];
  for (let start = from; start < until; ) {
    const idBytes = Math.clz32(bytes[start] ?? 0) - 23;
    const sizeAt = start + idBytes;
    const sizeBytes = Math.clz32(bytes[sizeAt] ?? 0) - 23;
    const size = bytes.readUIntBE(sizeAt + (sizeBytes === 8 ? 2 : 0), sizeBytes === 8 ? 6 : sizeBytes);
    const begin = sizeAt + sizeBytes;
    const end = begin + (sizeBytes === 8 ? size : size - 2 ** (7 * sizeBytes));
    elements.push({ id: bytes.readUIntBE(start, idBytes), start, begin, end });
    start = end;
  }
  return elements;
}

function only(elements: readonly Element[], id: number): Element {
  const found = elements.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no element ${id.toString(16)}`);
  return found;
}

/** Milliseconds. */
function durationOf(bytes: Buffer): number {
  return bytes.readDoubleBE(bytes.indexOf(DURATION) + DURATION.length);
}

function longer(info: Buffer, times: number): Buffer {
  const changed = Buffer.from(info);
  changed.writeDoubleBE(durationOf(info) * times, info.indexOf(DURATION) + DURATION.length);
  return changed;
}

/** The first blocks of a cluster. */
function firstBlocks(bytes: Buffer, { begin, end }: Element): Buffer {
  const blocks = elementsOf(bytes, begin, end).filter(({ id }) => id === SIMPLE_BLOCK);
  return bytes.subarray(blocks[0]?.start, blocks[BLOCKS - 1]?.end);
}

function cluster(milliseconds: number, blocks: Buffer, span: number): Buffer {
  const content = Buffer.concat([element(TIMESTAMP, number(milliseconds)), blocks]);
  const rest = span - CLUSTER_HEADER - content.length - 1 - SIZE_BYTES;
  const [id, nothing] = [Buffer.from(ID.cluster.toString(16), 'hex'), Buffer.from([VOID])];
  return Buffer.concat([id, sized(span - CLUSTER_HEADER), content, nothing, sized(rest)]);
}

function cue(milliseconds: number, position: number): Buffer {
  const positions = element(CUE_POSITIONS, element(CUE_TRACK, number(1)), element(CUE_CLUSTER, number(position)));
  return element(CUE_POINT, element(CUE_TIME, number(milliseconds)), positions);
}

function element(id: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from(id.toString(16), 'hex'), sized(body.length), body]);
}

function sized(size: number): Buffer {
  const bytes = number(size);
  bytes[0] = 0x01;
  return bytes;
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(SIZE_BYTES);
  bytes.writeBigUInt64BE(BigInt(Math.round(value)));
  return bytes;
}
