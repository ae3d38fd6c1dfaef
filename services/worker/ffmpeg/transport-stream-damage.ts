import { open } from 'node:fs/promises';

/** A transport stream is a row of packets of 188 bytes, 192 (Blu-ray) or 204 (error correction), each begun by 0x47. */
const PACKET_SIZES = [188, 192, 204];
const SYNC = 0x47;
/** Random bytes show four sync bytes in a row at some of 204 offsets in 1 of 7 million windows. */
const PACKETS_IN_A_ROW = 4;
const WINDOW_BYTES = 2 * PACKETS_IN_A_ROW * Math.max(...PACKET_SIZES);
const WINDOWS = 256;
/** A burst of lost packets in a recording is not yet a file that holds something else. */
const TOLERATED_SHARE = 0.01;

/**
 * Which share of a transport stream is none, when it is more than 1 %; else null. FFmpeg searches for the next packet
 * and says nothing: with the last third of a file overwritten it makes two thirds of the video and exits with 0. 256
 * small places are looked at, spread over the file; each may have an alignment of its own, as joined recordings do.
 */
export async function findTransportStreamDamage(path: string, sizeBytes: number): Promise<number | null> {
  const file = await open(path);
  try {
    const window = Buffer.alloc(WINDOW_BYTES);
    let damaged = 0;
    for (let index = 0; index < WINDOWS; index++) {
      const position = Math.floor(((sizeBytes - WINDOW_BYTES) * index) / WINDOWS);
      const { bytesRead } = await file.read(window, 0, WINDOW_BYTES, Math.max(0, position));
      if (!holdsPackets(window.subarray(0, bytesRead))) damaged++;
    }
    const share = damaged / WINDOWS;
    return share > TOLERATED_SHARE ? share : null;
  } finally {
    await file.close();
  }
}

function holdsPackets(window: Buffer): boolean {
  return PACKET_SIZES.some((size) => {
    for (let offset = 0; offset < size; offset++) if (isAligned(window, offset, size)) return true;
    return false;
  });
}

function isAligned(window: Buffer, offset: number, size: number): boolean {
  for (let packet = 0; packet < PACKETS_IN_A_ROW; packet++) if (window[offset + packet * size] !== SYNC) return false;
  return true;
}
