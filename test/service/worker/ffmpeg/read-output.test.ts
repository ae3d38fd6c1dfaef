import { expect, test } from 'vitest';
import { readOutput } from '../../../../services/worker/ffmpeg/read-output.ts';
import { BINARIES, standIn } from '../../../support/ffmpeg-fixtures.ts';

const never = new AbortController().signal;

test('what the tool writes is given whole', async () => {
  const text = await readOutput({ binary: BINARIES.ffprobe, args: ['-version'], signal: never });
  expect(text).toMatch(/^ffprobe version .*\n$/s);
});

test('a tool that writes without end is stopped', async () => {
  const binary = standIn('ffmpeg-that-repeats-itself');
  const endless = readOutput({ binary, args: [], signal: never, maxBytes: 500 });
  await expect(endless).rejects.toMatchObject({ code: 'input_corrupt' });
});

test('a tool that does not end is stopped', async () => {
  const endless = readOutput({ binary: standIn('ffmpeg-that-hangs'), args: [], signal: never, timeoutMs: 200 });
  await expect(endless).rejects.toMatchObject({ code: 'ffmpeg_stalled' });
});

test('a tool that reads a whole file has the time that it takes, and is stopped when it rests', async () => {
  const read = { args: [], signal: never, timeoutMs: 1000, readsAll: true };
  const text = await readOutput({ ...read, binary: standIn('ffmpeg-that-takes-its-time') });
  expect(text.split('\n')).toHaveLength(11);
  const hung = readOutput({ ...read, binary: standIn('ffmpeg-that-hangs') });
  await expect(hung).rejects.toMatchObject({ code: 'ffmpeg_stalled' });
});

test('an abort throws the reason of the signal', async () => {
  const stop = new AbortController();
  const stopped = readOutput({ binary: standIn('ffmpeg-that-hangs'), args: [], signal: stop.signal });
  stop.abort('enough');
  await expect(stopped).rejects.toBe('enough');
});

test('a failure is told by its cause', async () => {
  const failed = readOutput({
    binary: BINARIES.ffprobe,
    args: ['-loglevel', 'level+error', '/no/such'],
    signal: never,
  });
  await expect(failed).rejects.toMatchObject({ code: 'input_missing' });
});
