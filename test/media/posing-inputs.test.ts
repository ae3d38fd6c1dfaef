import { copyFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
