import { expect, test } from 'vitest';
import { parseKeyframes } from '../../../../services/worker/ffmpeg/keyframes.ts';

test('only keyframes with a time stamp count', () => {
  expect(parseKeyframes('128000,K_\n256000,K__\n946800,__\nN/A,K__\n-512,K_\n')).toEqual([128_000, 256_000, -512]);
});
