import { expect, test } from 'vitest';
import { inputOptions } from '../../../../services/worker/ffmpeg/input-options.ts';

test('an input is opened as a local file and by media demuxers alone', () => {
  const [protocols, file, formats, list, input, url, ...rest] = inputOptions('/media/-a:b.mkv');
  expect([protocols, file, formats, input, url, rest]).toEqual([
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    '-i',
    'file:/media/-a:b.mkv',
    [],
  ]);
  const dangerous = ['concat', 'hls', 'dash', 'lavfi', 'image2', 'sdp', 'ffmetadata', 'tty'];
  expect(list?.split(',').filter((name) => dangerous.includes(name))).toEqual([]);
});
