import { createReadStream } from 'node:fs';

const PACKET_BYTES = 188;
const SYNC = 0x47;
const PADDING_PID = 0x1fff;
const CHUNK_BYTES = PACKET_BYTES * 8192;

/**
 * Whether the counters of a transport stream jump as they do where two of them were joined: only where a picture, a
 * stretch of sound or a table begins, and at one place in most of the streams that go on there. Packets lost on the way
 * leave a rest without a beginning, or streams that lost nothing. FFmpeg says `corrupt input packet` of both. Reads the
 * whole file; false for packets of another size than 188 bytes.
 */
export async function isJoinedRecordings(path: string): Promise<boolean> {
  const counters: Counters = new Map();
  let place = NOWHERE;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    for (; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
      if (bytes[at] !== SYNC) return false;
      const step = stepOf(bytes, at, counters);
      if (step === null) continue;
      if (step.jumps && !beginsUnit(bytes, at)) return false;
      const next = afterStep(place, step);
      if (next.number > place.number && !isJoint(place)) return false;
      place = next;
      counters.set(step.stream, { counter: step.counter, place: place.number });
    }
    rest = bytes.subarray(at);
  }
  return place.number > 0 && isJoint(place);
}

/** By the number of the stream: the counter of its last packet, and the last place that it has passed. */
type Counters = Map<number, { readonly counter: number; readonly place: number }>;

/** A place where counters jump, and how many streams jumped and went on in the first packet that they have behind it. */
type Place = { readonly number: number; readonly jumped: number; readonly wentOn: number };

const NOWHERE: Place = { number: 0, jumped: 0, wentOn: 0 };

/** A counter may fit by chance, once in sixteen times. */
function isJoint({ number, jumped, wentOn }: Place): boolean {
  return number === 0 || jumped > wentOn;
}

/** What the counter of a packet does; `passed`: the last place that its stream has passed, null for its first packet. */
type Step = {
  readonly stream: number;
  readonly counter: number;
  readonly jumps: boolean;
  readonly passed: number | null;
};

/** A stream that jumps anew where it has passed the place, or there was none yet, is at the next one. */
function afterStep(place: Place, { jumps, passed }: Step): Place {
  if (passed === null) return place;
  if (passed === place.number) return jumps ? { number: place.number + 1, jumped: 1, wentOn: 0 } : place;
  return jumps ? { ...place, jumped: place.jumped + 1 } : { ...place, wentOn: place.wentOn + 1 };
}

/** Null for a packet without a payload. The counter counts those that have one, modulo 16; one may be sent twice. */
function stepOf(bytes: Buffer, at: number, counters: Counters): Step | null {
  const stream = bytes.readUInt16BE(at + 1) & 0x1fff;
  const flags = bytes.readUInt8(at + 3);
  const hasPayload = (flags & 0x10) !== 0;
  if (stream === PADDING_PID || !hasPayload) return null;
  const counter = flags & 0x0f;
  const before = counters.get(stream);
  const jumps = before !== undefined && counter !== before.counter && counter !== (before.counter + 1) % 16;
  return { stream, counter, jumps, passed: before?.place ?? null };
}

function beginsUnit(bytes: Buffer, at: number): boolean {
  return (bytes.readUInt8(at + 1) & 0x40) !== 0;
}
