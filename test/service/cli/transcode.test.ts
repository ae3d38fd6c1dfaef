import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { eventually } from '../../support/eventually.ts';
import { type Bench, createBench } from '../../support/ffmill-process.ts';
import { countFrames, makeTestClip } from '../../support/test-clip.ts';

/** Encodes so slowly that a test comes in between, on any machine. */
const SLOWLY = ['--preset', 'placebo', '--width', '1280', '--segment', '2'];

describe('ffmill transcode', () => {
  let bench: Bench;
  beforeEach(() => {
    bench = createBench();
  });
  afterEach(() => bench.clear());

  const clip = (seconds: number, size?: string) =>
    makeTestClip(join(bench.folder, 'in.mp4'), { seconds, ...(size ? { size } : {}) });
  const transcodes = () => {
    const folder = join(bench.env.FFMILL_DATA_DIR ?? '', 'transcode');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const nothingIsLeft = async () => {
    await eventually(() => expect(bench.processes()).toEqual([]));
    expect(transcodes()).toEqual([]);
  };

  test('makes a verified file and says what it did', async () => {
    clip(6);
    const { code, stdout, stderr } = await bench.run(['transcode', 'in.mp4', 'out.mp4', '--segment', '2']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /completed\n {2}took .* real time\n {2}segments {2}3 segments\n {2}sizes .*\n {2}verified .*150 of 150/,
    );
    expect(stdout).toContain(`file      ${join(bench.folder, 'out.mp4')}\n`);
    expect(countFrames(join(bench.folder, 'out.mp4'))).toBe(150);
    expect(bench.files()).toEqual(['in.mp4', 'out.mp4']);
    await nothingIsLeft();
  });

  test('--json prints the finished job as the only thing on stdout', async () => {
    clip(2);
    const { code, stdout } = await bench.run(['transcode', 'in.mp4', 'out.mp4', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'completed',
      result: { output: join(bench.folder, 'out.mp4') },
      wall_seconds: expect.any(Number),
    });
  });

  test('takes names with dashes, blanks and line breaks', async () => {
    const [input, output] = ['-in put\n$(x) %d "é.mp4', '--out\tput.mkv'];
    makeTestClip(join(bench.folder, input), { seconds: 1 });
    const { code } = await bench.run(['transcode', '--', input, output]);
    expect(code).toBe(0);
    expect(bench.files()).toEqual([output, input].sort());
  });

  test.each([
    { name: 'missing.mp4', make: () => {}, code: 'input_missing' },
    { name: 'folder.mp4', make: (path: string) => mkdirSync(path), code: 'input_not_a_file' },
    { name: 'empty.mp4', make: (path: string) => writeFileSync(path, ''), code: 'input_empty' },
    {
      name: 'text.mp4',
      make: (path: string) => writeFileSync(path, 'once upon a time\n'.repeat(99)),
      code: 'input_not_media',
    },
  ])(
    'an input that is $code ends with exit 1 and that code, and nothing stays behind',
    async ({ name, make, code }) => {
      make(join(bench.folder, name));
      const ended = await bench.run(['transcode', name, 'out.mp4', '--json']);
      expect(ended.code).toBe(1);
      expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'failed', error: { code, fault: 'input' } });
      expect(bench.files()).toEqual(name === 'missing.mp4' ? [] : [name]);
      await nothingIsLeft();
    },
  );

  test('a request that makes no sense is a usage error that names the option', async () => {
    clip(1);
    const { code, stdout, stderr } = await bench.run(['transcode', 'in.mp4', 'out.mp4', '--crf=-1']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('--crf');
    await nothingIsLeft();
  });

  test('an output that exists is kept, and replaced only with --overwrite', async () => {
    clip(1);
    writeFileSync(join(bench.folder, 'out.mp4'), 'precious');
    const kept = await bench.run(['transcode', 'in.mp4', 'out.mp4']);
    expect(kept.code).toBe(1);
    expect(kept.stdout).toContain('output_exists');
    expect(statSync(join(bench.folder, 'out.mp4')).size).toBe('precious'.length);
    expect((await bench.run(['transcode', 'in.mp4', 'out.mp4', '--overwrite'])).code).toBe(0);
    expect(countFrames(join(bench.folder, 'out.mp4'))).toBe(25);
  });

  test('without FFmpeg it says at once what to install', async () => {
    clip(1);
    const { code, stderr } = await bench.run(['transcode', 'in.mp4', 'out.mp4'], { FFMILL_FFMPEG: 'no-such-ffmpeg' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/install the package "ffmpeg".*\(ffmpeg_missing\)/);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s cancels: exit 130, and nothing is left', async (signal) => {
    clip(10, '640x360');
    const run = bench.start(['transcode', 'in.mp4', 'out.mp4', ...SLOWLY]);
    await run.said('cut into');
    await eventually(() => expect(bench.processes().some((command) => command.includes('libx264'))).toBe(true));
    run.child.kill(signal);
    const { code, stderr } = await run.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('canceling');
    expect(bench.files()).toEqual(['in.mp4']);
    await nothingIsLeft();
  });

  test('a second Ctrl-C ends at once, and FFmpeg with it; the next run cleans up and begins anew', async () => {
    clip(4);
    const command = ['transcode', 'in.mp4', 'out.mp4', ...SLOWLY];
    const run = bench.start(command);
    await run.said('cut into');
    run.child.kill('SIGINT');
    await run.warned('Ctrl-C once more'); // two signals of one kind that wait together are one
    run.child.kill('SIGINT');
    expect((await run.endsWithin(10_000)).code).toBe(130);
    await eventually(() => expect(bench.processes()).toEqual([]));
    expect(existsSync(join(bench.folder, 'out.mp4'))).toBe(false);

    expect((await bench.start(command).endsWithin(80_000)).code).toBe(0);
    expect(bench.files()).toEqual(['in.mp4', 'out.mp4']);
    await nothingIsLeft();
  }, 120_000);

  test('killed with -9 and run again, it goes on where it was', async () => {
    clip(12);
    const command = ['transcode', 'in.mp4', 'out.mp4', ...SLOWLY];
    const first = bench.start(command);
    await first.said('segment 1 is done');
    first.child.kill('SIGKILL');
    await first.ended;
    await eventually(() => expect(bench.processes()).toEqual([]));

    const { code, stdout } = await bench.run(command);
    expect(code).toBe(0);
    expect(stdout).toMatch(/resuming: [1-5] of 6 segments are done/);
    expect(countFrames(join(bench.folder, 'out.mp4'))).toBe(300);
    expect(bench.files()).toEqual(['in.mp4', 'out.mp4']);
    await nothingIsLeft();
  }, 120_000);

  test('the same command line cannot run twice at once', async () => {
    clip(10, '640x360');
    const command = ['transcode', 'in.mp4', 'out.mp4', ...SLOWLY];
    const first = bench.start(command);
    await first.said('cut into');
    const second = await bench.run([...command, '--json']);
    expect(second.code).toBe(1);
    expect(JSON.parse(second.stdout)).toMatchObject({ error: { code: 'data_dir_in_use' } });
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
  });

  test('a reader that leaves (| head) does not end the work', async () => {
    clip(2);
    const run = bench.start(['transcode', 'in.mp4', 'out.mp4']);
    run.child.stdout?.destroy();
    expect((await run.ended).code).toBe(0);
    expect(bench.files()).toEqual(['in.mp4', 'out.mp4']);
  });
});
