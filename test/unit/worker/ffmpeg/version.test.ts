import { expect, test } from 'vitest';
import { parseVersion } from '../../../../services/worker/ffmpeg/version.ts';

test.each([
  ['ffmpeg version 5.1.9-0+deb12u1 Copyright (c) 2000-2026 the FFmpeg developers\nbuilt with gcc', 5.1],
  ['ffmpeg version n7.1.1 Copyright (c) 2000-2025 the FFmpeg developers', 7.1],
  ['ffmpeg version N-112233-g0a1b2c3 Copyright (c) 2000-2025 the FFmpeg developers', null],
])('the version line %j has the number %s', (output, number) => {
  expect(parseVersion(output).number).toBe(number);
});

test('the line comes without the copyright', () => {
  expect(parseVersion('ffmpeg version 5.1.9 Copyright (c) 2000-2026\n').line).toBe('ffmpeg version 5.1.9');
});
