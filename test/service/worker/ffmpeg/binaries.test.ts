import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { findBinaries } from '../../../../services/worker/ffmpeg/binaries.ts';
import { BINARIES, standIn } from '../../../support/ffmpeg-fixtures.ts';

const NAMES = { ffmpeg: 'ffmpeg', ffprobe: 'ffprobe' };
const signal = AbortSignal.timeout(20_000);

test('names are looked for on the search path', async () => {
  const searchPath = `/nonexistent:${dirname(BINARIES.ffmpeg)}`;
  expect(await findBinaries(NAMES, { searchPath, signal })).toEqual(BINARIES);
});

test('an FFmpeg that is not there is missing, and the message says what to install', async () => {
  const found = findBinaries(NAMES, { searchPath: '/nonexistent', signal });
  await expect(found).rejects.toMatchObject({
    code: 'ffmpeg_missing',
    message: expect.stringContaining('apt-get install'),
  });
});

test('an FFmpeg before 5.1 is missing', async () => {
  const old = findBinaries({ ...BINARIES, ffmpeg: standIn('ffmpeg-that-is-old') }, { searchPath: '', signal });
  await expect(old).rejects.toMatchObject({ code: 'ffmpeg_missing', message: expect.stringContaining('5.0.3') });
});
