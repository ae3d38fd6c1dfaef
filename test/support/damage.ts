import { execFileSync } from 'node:child_process';
import { open, readFile, writeFile } from 'node:fs/promises';

/** Overwrites the last third of a file with bytes that look random and are the same each time. */
export async function overwriteLastThird(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const begin = Math.ceil((size * 2) / 3);
  await file.write(noise(size - begin), 0, undefined, begin);
  await file.close();
}

type Hole = {
  /** The first packet of the picture that is lost. */
  readonly from: number;
  readonly bytes: number;
  /** What stands there instead. */
  readonly value: number;
};

/** Overwrites a stretch of a file, headers and all, with one value. */
export async function makeHole(path: string, { from, bytes, value }: Hole): Promise<void> {
  const { position } = packetsOf(path, 'v:0').find(({ seconds }) => seconds >= from) ?? {};
  if (position === undefined) throw new Error(`no packet at ${from} s or later`);
  const file = await open(path, 'r+');
  await file.write(new Uint8Array(bytes).fill(value), 0, undefined, position);
  await file.close();
}

const CLUSTER = Buffer.from('1f43b675', 'hex');

/** Gives the first cluster of a Matroska file an unknown length, as those of a recording of Chrome have. */
export async function forgetClusterLength(path: string): Promise<void> {
  const bytes = await readFile(path);
  const at = bytes.indexOf(CLUSTER) + CLUSTER.length;
  const lengthBytes = Math.clz32(bytes.readUInt8(at)) - 23;
  bytes.fill(0xff, at, at + lengthBytes);
  bytes.writeUInt8(0xff >> (lengthBytes - 1), at);
  await writeFile(path, bytes);
}

type Packets = {
  /** As in FFmpeg: `v:0`. */
  readonly stream: string;
  readonly from: number;
  readonly to: number;
  /** The share of each packet that stays as it is, from its beginning. Default a quarter. */
  readonly kept?: number;
};

/** Overwrites the packets of a stream whose time lies within. */
export async function overwritePackets(path: string, { stream, from, to, kept = 0.25 }: Packets): Promise<void> {
  const file = await open(path, 'r+');
  for (const { seconds, size, position } of packetsOf(path, stream)) {
    if (seconds < from || seconds >= to) continue;
    const skipped = Math.ceil(size * kept);
    await file.write(noise(size - skipped, position), 0, undefined, position + skipped);
  }
  await file.close();
}

function packetsOf(path: string, stream: string): { seconds: number; size: number; position: number }[] {
  const show = ['-select_streams', stream, '-show_entries', 'packet=pts_time,size,pos', '-of', 'csv=p=0'];
  const lines = execFileSync('ffprobe', ['-v', 'error', ...show, path], { encoding: 'utf8' })
    .trim()
    .split('\n');
  return lines.map((line) => {
    const [seconds = 0, size = 0, position = 0] = line.split(',').map(Number);
    return { seconds, size, position };
  });
}

/** A linear congruential generator (the constants are those of Numerical Recipes). */
function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
