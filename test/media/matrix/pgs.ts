/**
 * A tiny Blu-ray subtitle stream (`.sup`), for FFmpeg has no encoder: at each moment a bar of one color is shown, two
 * seconds later it is taken away. The layout is that of the PGS segments as libavcodec's pgssubdec.c reads them: `PG`,
 * presentation and decoding time in 1/90000 s, type, length, data.
 */
export function pgsStream(atSeconds: readonly number[]): Buffer {
  return Buffer.concat(
    atSeconds.flatMap((seconds, index) => [
      ...displaySet(seconds, index * 2, true),
      ...displaySet(seconds + 1, index * 2 + 1, false),
    ]),
  );
}

const [PALETTE, OBJECT, COMPOSITION, WINDOW, END] = [0x14, 0x15, 0x16, 0x17, 0x80];
const WIDTH = 16;
const HEIGHT = 2;

function displaySet(seconds: number, number: number, shown: boolean): Buffer[] {
  const segment = (type: number, data: readonly number[]) => pgsSegment(seconds, type, data);
  const window = [1, 0, ...u16(8), ...u16(8), ...u16(WIDTH), ...u16(HEIGHT)];
  const picture = [...u16(0), 0, 0, ...u16(8), ...u16(8)];
  const composition = [...u16(128), ...u16(72), 0x10, ...u16(number), 0x80, 0, 0, shown ? 1 : 0];
  return [
    segment(COMPOSITION, shown ? [...composition, ...picture] : composition),
    segment(WINDOW, window),
    ...(shown ? [segment(PALETTE, [0, 0, 1, 235, 128, 128, 255]), segment(OBJECT, bar())] : []),
    segment(END, []),
  ];
}

/** Run lengths: `00 | 80 + count | color`, a line ends with `00 00`. */
function bar(): number[] {
  const line = [0, 0x80 + WIDTH, 1, 0, 0];
  const lines = Array.from({ length: HEIGHT }, () => line).flat();
  return [...u16(0), 0, 0xc0, 0, ...u16(lines.length + 4), ...u16(WIDTH), ...u16(HEIGHT), ...lines];
}

function pgsSegment(seconds: number, type: number, data: readonly number[]): Buffer {
  const header = Buffer.alloc(13);
  header.write('PG');
  header.writeUInt32BE(Math.round(seconds * 90_000), 2);
  header.writeUInt8(type, 10);
  header.writeUInt16BE(data.length, 11);
  return Buffer.concat([header, Buffer.from(data)]);
}

function u16(value: number): [number, number] {
  return [value >> 8, value & 0xff];
}
