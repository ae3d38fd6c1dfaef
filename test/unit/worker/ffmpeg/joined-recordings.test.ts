import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isJoinedRecordings } from '../../../../services/worker/ffmpeg/joined-recordings.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

/** Table, map, picture and sound: a packet of each in turn, every one the beginning of a unit. */
const STREAMS = [0, 0x1000, 0x100, 0x101];

type Packet = { readonly stream: number; readonly counter: number; readonly begins?: boolean };

function recording(rounds: number, firstCounter: number): Packet[] {
  return Array.from({ length: rounds }, (_, round) =>
    STREAMS.map((stream) => ({ stream, counter: (firstCounter + round) % 16 })),
  ).flat();
}

async function isJoined(packets: readonly Packet[]): Promise<boolean> {
  const path = join(await temporaryFolder(), 'in.ts');
  const bytes = packets.map(({ stream, counter, begins = true }) => {
    const packet = Buffer.alloc(188, 0xff);
    packet.writeUInt32BE(((0x47 << 24) | ((begins ? 0x40 : 0) << 16) | (stream << 8) | 0x10 | counter) >>> 0);
    return packet;
  });
  await writeFile(path, Buffer.concat(bytes));
  return isJoinedRecordings(path);
}

test('one recording is not joined from two', async () => {
  expect(await isJoined(recording(40, 0))).toBe(false);
});

test('two and three recordings are, though a counter may go on by chance', async () => {
  expect(await isJoined([...recording(10, 0), ...recording(10, 3)])).toBe(true);
  expect(await isJoined([...recording(10, 0), ...recording(10, 3), ...recording(10, 5)])).toBe(true);
  const [first, ...others] = recording(1, 3);
  expect(await isJoined([...recording(10, 0), { ...first, stream: 0, counter: 10 }, ...others])).toBe(true);
});

test('one that lost whole units of some streams is not', async () => {
  const whole = recording(40, 0);
  for (const lost of [[0x100], [0x100, 0x101]])
    expect(await isJoined(whole.filter(({ stream }, at) => !(lost.includes(stream) && at >= 80 && at < 92)))).toBe(
      false,
    );
});

test('one that lost the beginning of a unit is not', async () => {
  const [table, map, picture, sound] = recording(1, 3) as [Packet, Packet, Packet, Packet];
  expect(await isJoined([...recording(10, 0), table, map, { ...picture, begins: false }, sound])).toBe(false);
});
