import { expect, test } from 'vitest';
import { findInputDamage, findSkipped } from '../../../../services/worker/ffmpeg/input-damage.ts';

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

test('any error of the demuxer of Matroska may mean that something was skipped', () => {
  expect(findSkipped('[matroska,webm @ 0x55] [error] Invalid track number 127')).toBe(
    'matroska,webm: Invalid track number 127',
  );
  expect(findSkipped('[matroska,webm @ 0x55] [warning] Duplicate element')).toBeNull();
  expect(findSkipped('[h264 @ 0x55] [error] Missing reference picture')).toBeNull();
});
