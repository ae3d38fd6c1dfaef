import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AUDIO_FRAME_SECONDS, keptOf, sameFrames, samePackets, sameTimes, syncOffset } from './matrix/compare.ts';
import { lookAtFile } from './matrix/look-at-file.ts';
import { makeSource } from './matrix/make-source.ts';
import { source } from './matrix/source.ts';
import { ffmpeg } from './support/ffmpeg.ts';
import { outputFolder } from './support/output-folder.ts';

const SOURCE = source({ gop: 'intra', audio: [{ codec: 'aac', language: 'eng' }], extras: ['chapters', 'tags'] });
const COPY = ['-map', '0', '-c', 'copy'];

/** What the matrix finds when something is wrong with a file. */
async function judge(...how: readonly string[]) {
  const input = await makeSource(SOURCE);
  const output = join(await outputFolder(), 'changed.mp4');
  await ffmpeg('-i', input, ...how, output);
  const [made, whole] = await Promise.all([lookAtFile(output), lookAtFile(input)]);
  return {
    frames: sameFrames(made, whole, 'the source'),
    times: sameTimes(made, whole, 'the source'),
    sound: samePackets(made, whole, 'the source'),
    kept: keptOf(made, whole, []).problems,
    sync: syncOffset(made, whole) ?? Number.NaN,
  };
}

describe('the matrix', () => {
  it('finds nothing wrong with a plain copy', async () => {
    const found = await judge(...COPY);
    expect(found).toMatchObject({ frames: [], times: [], sound: [], kept: [] });
    expect(found.sync).toBeLessThan(0.001);
  });

  it('finds one frame that is gone', async () => {
    const { frames } = await judge(...COPY, '-bsf:v', String.raw`noise=drop=eq(n\,80)`);
    expect(frames).toEqual(['104 frames instead of the 105 of the source']);
  });

  it('finds frames that are later than they were', async () => {
    const { frames, times } = await judge(...COPY, '-bsf:v', String.raw`setts=ts=TS+if(gt(N\,99)\,256\,0)`);
    expect(frames).toEqual([]);
    expect(times).toEqual(['frames up to 20.000 ms away from where the source has them']);
  });

  it('finds sound that is later than it was, and by how much', async () => {
    const late = ['-map', '0:v', '-c:v', 'copy', '-map', '0:a', '-af', 'adelay=40:all=1', '-c:a', 'aac'];
    const { sync } = await judge(...late);
    expect(sync).toBeGreaterThan(AUDIO_FRAME_SECONDS);
    expect(sync).toBeLessThan(0.045);
  });

  it('finds sound that falls behind little by little', async () => {
    const slow = ['-map', '0:v', '-c:v', 'copy', '-map', '0:a', '-af', 'atempo=0.985', '-c:a', 'aac'];
    expect((await judge(...slow)).sync).toBeGreaterThan(0.04);
  });

  it('finds a lost packet of sound, a lost language, lost chapters and a lost title', async () => {
    const { sound } = await judge(...COPY, '-bsf:a', String.raw`noise=drop=eq(n\,150)`);
    expect(sound).toHaveLength(1);
    const poor = await judge(...COPY, '-map_chapters', '-1', '-map_metadata', '-1', '-metadata:s:a', 'language=fra');
    expect(poor.kept).toEqual(['audio is lost', 'chapters is lost', 'title is lost']);
  });
});
