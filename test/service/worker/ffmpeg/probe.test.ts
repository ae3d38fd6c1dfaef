import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { probeMedia } from '../../../../services/worker/ffmpeg/probe.ts';
import { overwriteLastThird } from '../../../support/damage.ts';
import { BINARIES } from '../../../support/ffmpeg-fixtures.ts';
import { makeMedia, pictures, sound } from '../../../support/make-media.ts';

let folder: string;
let movie: string;
const inFolder = (name: string) => join(folder, name);
const probe = (path: string) => probeMedia({ ffprobe: BINARIES.ffprobe, path, signal: AbortSignal.timeout(20_000) });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-probe-'));
  const streams = [...pictures(4), ...sound(4), '-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac'];
  movie = await makeMedia(inFolder('movie.mp4'), streams);
});
afterAll(async () => await rm(folder, { recursive: true }));

test('a film is described stream by stream', async () => {
  const { streams, ...media } = await probe(movie);
  expect(media).toMatchObject({
    format: 'mov,mp4,m4a,3gp,3g2,mj2',
    duration_seconds: 4,
    start_seconds: 0,
    chapters: 0,
  });
  expect(streams).toHaveLength(2);
  expect(streams[0]).toMatchObject({
    type: 'video',
    codec: 'h264',
    width: 320,
    height: 180,
    average_frame_rate: { num: 25, den: 1 },
    frame_rate_mode: 'constant',
    frame_count: 100,
    hdr: null,
    rotation: 0,
  });
  expect(streams[1]).toMatchObject({ type: 'audio', codec: 'aac', sample_rate: 48_000, channels: 1 });
});

test('a rate that changes in the middle is variable', async () => {
  const select = "select='lt(t,2)+not(mod(n,3))'";
  const path = await makeMedia(inFolder('vfr.mp4'), [...pictures(4), '-vf', select, '-fps_mode', 'vfr']);
  expect((await probe(path)).streams[0]).toMatchObject({ frame_rate_mode: 'variable' });
});

test('HDR10 is read from the first picture when the container keeps silent', async () => {
  const display = 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)';
  const path = await makeMedia(inFolder('hdr.mkv'), [
    ...[...pictures(1), '-c:v', 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le'],
    ...['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'],
    ...['-x265-params', `log-level=0:master-display=${display}:max-cll=1000,400`],
  ]);
  const { streams } = await probe(path);
  expect(streams[0]).toMatchObject({ hdr: 'hdr10', mastering_display: display, max_content_light: '1000,400' });
});

test('a Matroska file that begins late is as long as it plays', async () => {
  const args = ['-i', `file:${movie}`, '-c', 'copy', '-output_ts_offset', '3600'];
  const media = await probe(await makeMedia(inFolder('late.mkv'), args));
  expect(media.start_seconds).toBeCloseTo(3600, 1);
  expect(media.duration_seconds).toBeCloseTo(4, 1);
  expect(media.streams[0]?.duration_seconds).toBeCloseTo(4, 1);
});

describe('what is not a media file', () => {
  test('a missing file', async () => {
    await expect(probe(inFolder('none.mp4'))).rejects.toMatchObject({ code: 'input_missing' });
    await expect(probe(join(movie, 'none.mp4'))).rejects.toMatchObject({ code: 'input_missing' });
  });

  test('a link in a circle', async () => {
    await symlink(inFolder('circle.mp4'), inFolder('circle.mp4'));
    await expect(probe(inFolder('circle.mp4'))).rejects.toMatchObject({ code: 'input_missing' });
  });

  test('a folder, a device, a pipe, a socket', async () => {
    await mkdir(inFolder('folder.mp4'));
    execFileSync('mkfifo', [inFolder('pipe.mp4')]);
    const server = createServer().listen(inFolder('socket.mp4'));
    for (const path of [inFolder('folder.mp4'), '/dev/null', inFolder('pipe.mp4'), inFolder('socket.mp4')])
      await expect(probe(path)).rejects.toMatchObject({ code: 'input_not_a_file' });
    server.close();
  });

  test('an empty file', async () => {
    await writeFile(inFolder('empty.mp4'), '');
    await expect(probe(inFolder('empty.mp4'))).rejects.toMatchObject({ code: 'input_empty' });
  });

  test('a text, whatever it is called', async () => {
    for (const name of ['text.mp4', 'text.mkv', 'text.txt']) {
      await writeFile(inFolder(name), 'Once upon a time, there was no video.\n'.repeat(100));
      await expect(probe(inFolder(name))).rejects.toMatchObject({ code: 'input_not_media' });
    }
  });

  test('a play list that names other files', async () => {
    await writeFile(inFolder('list.mp4'), 'ffconcat version 1.0\nfile movie.mp4\n');
    await writeFile(inFolder('list.m3u8'), '#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\nmovie.mp4\n#EXT-X-ENDLIST\n');
    for (const name of ['list.mp4', 'list.m3u8'])
      await expect(probe(inFolder(name))).rejects.toMatchObject({ code: 'input_not_media' });
  });

  test('an mp4 without a stream', async () => {
    await writeFile(inFolder('no-streams.mp4'), [
      box('ftyp', Buffer.from('isom\0\0\0\0isom')),
      box('moov', box('mvhd')),
    ]);
    await expect(probe(inFolder('no-streams.mp4'))).rejects.toMatchObject({ code: 'no_streams' });
  });
});

/** A box of MP4; the content left out is a header of zeros. */
function box(type: string, content: Buffer = Buffer.alloc(100)): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(head.length + content.length);
  head.write(type, 4);
  return Buffer.concat([head, content]);
}

describe('what is damaged', () => {
  test('an mp4 that was cut off before its index', async () => {
    const bytes = await readFile(movie);
    await writeFile(inFolder('cut.mp4'), bytes.subarray(0, bytes.length / 2));
    await expect(probe(inFolder('cut.mp4'))).rejects.toMatchObject({ code: 'input_truncated' });
  });

  test('a transport stream whose last third is something else', async () => {
    const stream = await makeMedia(inFolder('movie.ts'), ['-i', `file:${movie}`, '-c', 'copy']);
    await expect(probe(stream)).resolves.toMatchObject({ format: 'mpegts' });
    await overwriteLastThird(stream);
    await expect(probe(stream)).rejects.toMatchObject({ code: 'input_corrupt' });
  });
});
