import { expect, test } from 'vitest';
import { zeroOfFirstPacket } from '../../../../services/worker/ffmpeg/transport-stream-zero.ts';

test.each([
  ['is 1.4 s where nothing is shown in another order', '1.400000,1.400000\n', 1.4],
  ['is where the first picture is shown, moved by the order of decoding', '11.400000,1.400000\n', 11.4],
  ['is 1.4 s where the first packet comes later', '4.200000,4.120000\n', 1.4],
  ['is 1.4 s where the first packet has no times', 'N/A,N/A\n', 1.4],
])('the zero of a transport stream %s', (_, packet, seconds) => {
  expect(zeroOfFirstPacket(packet)).toBe(seconds);
});
