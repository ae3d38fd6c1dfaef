import { expect, test } from 'vitest';
import { findInputDamage } from '../../../../services/worker/ffmpeg/input-damage.ts';

test('the first complaint about the input is found, in words for people', () => {
  const lines = [
    '[warning] Something',
    '[matroska,webm @ 0x559809a02100] [error] File ended prematurely',
    '[hevc @ 0x55f7] [error] Invalid NAL unit size (0 > 3114).',
  ];
  expect(findInputDamage(lines)).toBe('matroska,webm: File ended prematurely');
});

test('what a seek into good open-GOP H.264 says is no damage', () => {
  expect(findInputDamage(['[h264 @ 0x5644683ea3c0] [error] mmco: unref short failure'])).toBeNull();
});
