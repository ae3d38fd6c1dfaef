import { createReadStream } from 'node:fs';

const PACKET_BYTES = 188;
const SYNC = 0x47;
const PADDING_PID = 0x1fff;
const CHUNK_BYTES = PACKET_BYTES * 8192;

/**
 * Whether the counters of a transport stream jump, and nowhere but where a picture, a stretch of sound or a table begins:
 * then two streams were joined and nothing is missing. Packets lost on the way leave a rest without a beginning. FFmpeg
 * says `corrupt input packet` of both. Reads the whole file; false for packets of another size than 188 bytes.
 */
export async function isJoinedRecordings(path: string): Promise<boolean> {
  const counters = new Map<number, number>();
  let jumps = 0;
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    const bytes = rest.length === 0 ? (chunk as Buffer) : Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    for (; at + PACKET_BYTES <= bytes.length; at += PACKET_BYTES) {
      if (bytes[at] !== SYNC) return false;
      if (!counterJumps(bytes, at, counters)) continue;
      if (!beginsUnit(bytes, at)) return false;
      jumps++;
    }
    rest = bytes.subarray(at);
  }
  return jumps > 0;
}

/** Counts the packets with a payload of each stream, modulo 16; one may be sent twice. */
function counterJumps(bytes: Buffer, at: number, counters: Map<number, number>): boolean {
  const stream = bytes.readUInt16BE(at + 1) & 0x1fff;
  const flags = bytes.readUInt8(at + 3);
  const hasPayload = (flags & 0x10) !== 0;
  if (stream === PADDING_PID || !hasPayload) return false;
  const counter = flags & 0x0f;
  const before = counters.get(stream);
  counters.set(stream, counter);
  return before !== undefined && counter !== before && counter !== (before + 1) % 16;
}

function beginsUnit(bytes: Buffer, at: number): boolean {
  return (bytes.readUInt8(at + 1) & 0x40) !== 0;
}
