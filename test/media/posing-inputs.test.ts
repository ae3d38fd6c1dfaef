import { execFile } from 'node:child_process';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { clip } from './support/clips.ts';
import { ffmpeg } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';
import { runJob } from './support/run-job.ts';

/**
 * Files that would have FFmpeg open another file or a host. The other file is a good clip: who read it would succeed.
 * The host is a port of this machine on which nobody may knock.
 */
let server: Server;
let port = 0;
let knocks = 0;
beforeAll(async () => {
  server = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  knocks = 0;
});

const JOB = { profile: 'h264', encode: { preset: 'ultrafast' } } as const;
const hls = (target: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:13\n#EXTINF:12.5,\n${target}\n#EXT-X-ENDLIST\n`;
const dash = (target: string) =>
  `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT12S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`;
const sdp = () =>
  `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`;

type Pose = (canary: string) => string;
const http = () => `http://127.0.0.1:${port}/canary.mp4`;

describe('a text that names others is refused, and they are left alone', () => {
  it.each<[string, string, Pose]>([
    ['a concat script named .mp4', 'in.mp4', (canary) => `ffconcat version 1.0\nfile '${canary}'\n`],
    ['a concat script of a neighbour', 'in.mkv', () => "ffconcat version 1.0\nfile 'canary.mp4'\n"],
    ['a concat script of a host', 'in.mkv', () => `ffconcat version 1.0\nfile '${http()}'\n`],
    ['an HLS playlist named .mkv', 'in.mkv', (canary) => hls(`file://${canary}`)],
    ['an HLS playlist of a host', 'in.mp4', () => hls(http())],
    ['an HLS playlist by its own name', 'in.m3u8', () => hls(http())],
    ['an HLS playlist of a neighbour', 'in.ts', () => hls('canary.mp4')],
    ['a DASH manifest', 'in.mp4', () => dash(http())],
    ['a DASH manifest by its own name', 'in.mpd', () => dash('canary.mp4')],
    ['an SDP', 'in.sdp', () => sdp()],
    ['an SDP named .mp4', 'in.mp4', () => sdp()],
  ])('%s', async (_what, name, pose) => {
    const folder = await outputFolder();
    const canary = join(folder, 'canary.mp4');
    await copyFile(await clip('h264-mp4.mp4'), canary);
    const input = join(folder, name);
    await writeFile(input, pose(canary));
    await expect(runJob({ ...JOB, input, output: join(folder, 'out.mp4') })).rejects.toMatchObject({
      code: 'input_not_media',
    });
    expect(knocks).toBe(0);
  });
});

/** Makes the first track of an MP4 with its index at the end refer to another file, as QuickTime's aliases do. */
function referTo(bytes: Buffer, name: string): Buffer {
  const at = bytes.indexOf('dref') - 4;
  const path = Buffer.from(`${name}\0`.padEnd(name.length + 1 + ((name.length + 1) % 2), '\0'));
  const alias = Buffer.alloc(150);
  alias[10] = 3; // length of the volume's name
  alias[50] = Math.min(name.length, 63);
  alias.write(name.slice(0, 63), 51);
  const record = (type: number, text: Buffer) => {
    const head = Buffer.alloc(4);
    head.writeInt16BE(type, 0);
    head.writeUInt16BE(text.length, 2);
    return Buffer.concat([head, text]);
  };
  const body = Buffer.concat([alias, record(2, path), record(-1, Buffer.alloc(0))]);
  const head = Buffer.alloc(12);
  head.writeUInt32BE(12 + body.length, 0);
  head.write('alis', 4);
  const entry = Buffer.concat([head, body]);
  const old = bytes.readUInt32BE(at + 16);
  const grown = entry.length - old;
  const made = Buffer.concat([bytes.subarray(0, at + 16), entry, bytes.subarray(at + 16 + old)]);
  for (const box of ['moov', 'trak', 'mdia', 'minf', 'dinf', 'dref']) {
    const size = made.lastIndexOf(box, at + 4) - 4;
    made.writeUInt32BE(made.readUInt32BE(size) + grown, size);
  }
  return made;
}

it('an external track of QuickTime is not opened', async () => {
  const folder = await outputFolder();
  await promisify(execFile)('mkfifo', [join(folder, 'canary.mp4')]); // who opened it would wait for ever
  const input = join(folder, 'in.mp4');
  await writeFile(input, referTo(await readFile(await clip('h264-mp4.mp4')), join(folder, 'canary.mp4')));
  const { stderr } = await promisify(execFile)('ffprobe', ['-hide_banner', input]);
  expect(stderr).toContain('Skipped opening external track'); // FFmpeg does see the reference
  const ended = await runJob({ ...JOB, input, output: join(folder, 'out.mp4') }).catch((error: unknown) => error);
  expect(ended).toBeInstanceOf(AppError);
  expect((ended as AppError).code).toBe('input_not_media');
});

it('a name that is a pattern of an image sequence opens no image', async () => {
  const folder = await outputFolder();
  await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=64x36:d=0.2', join(folder, 'image-%d.png'));
  await copyFile(join(folder, 'image-1.png'), join(folder, 'image-%d.png'));
  const job = { ...JOB, input: join(folder, 'image-%d.png'), output: join(folder, 'out.mp4') };
  await expect(runJob(job)).rejects.toMatchObject({ code: 'input_not_media' });
});

describe('what is no plain path is not opened', () => {
  it.each([
    ['a URL', () => http()],
    ['a list of files', (canary: string) => `concat:${canary}|${canary}`],
    ['a part of a file', (canary: string) => `subfile,,start,0,end,0,,:${canary}`],
    ['a device of a filter', () => 'testsrc2=d=1'],
    ['standard input', () => 'pipe:0'],
  ])('%s', async (_what, name) => {
    const folder = await outputFolder();
    const canary = join(folder, 'canary.mp4');
    await copyFile(await clip('h264-mp4.mp4'), canary);
    const job = { ...JOB, input: name(canary), output: join(folder, 'out.mp4') };
    await expect(runJob(job)).rejects.toMatchObject({ code: 'invalid_path' });
    expect(knocks).toBe(0);
  });
});
