import { link, mkdir, mkdtemp, readdir, rm, watch, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { checkInputFile } from '../../../../services/worker/ffmpeg/check-input-file.ts';
import { awaitFiles } from '../../../../services/worker/tasks/await-files.ts';
import { checkInputUnchanged } from '../../../../services/worker/tasks/check-input-unchanged.ts';
import { checkOutput } from '../../../../services/worker/tasks/check-output.ts';
import { inOwnFile } from '../../../../services/worker/tasks/in-own-file.ts';
import { type AttemptId, newId } from '../../../../shared/job/ids.ts';
import { localPathNames } from '../../../../shared/storage/path-names.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ffmill-files-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
});

const code = (name: string) => expect.objectContaining({ code: name });

describe('the output', () => {
  const attempt = newId<AttemptId>();
  const output = (changes: Partial<Parameters<typeof checkOutput>[0]> = {}) => ({
    ...{
      input: join(folder, 'in'),
      output: join(folder, 'out.mp4'),
      parts: join(folder, '.ffmill-1'),
      ...{ overwrite: false, attempt },
    },
    ...changes,
  });

  it('that can be written leaves no trace of having been tried', async () => {
    await checkOutput(output());
    expect(await readdir(folder)).toEqual([]);
  });

  it('is tried with a file that is named after the attempt, for whoever finds it after a kill', async () => {
    const parts = join(folder, '.ffmill-1');
    await mkdir(parts);
    await writeFile(join(parts, 'of another one'), '');
    const seen = watch(parts)[Symbol.asyncIterator]();
    const first = seen.next();
    await checkOutput(output({ parts }));
    expect((await first).value?.filename).toBe(`trial.${attempt}`);
    await seen.return?.();
  });

  it('that exists is refused, unless it may be replaced', async () => {
    await writeFile(join(folder, 'out.mp4'), 'x');
    await expect(checkOutput(output())).rejects.toEqual(code('output_exists'));
    await checkOutput(output({ overwrite: true }));
  });

  it('that is the input by another name is refused even then', async () => {
    await writeFile(join(folder, 'in'), 'x');
    await link(join(folder, 'in'), join(folder, 'out.mp4'));
    await expect(checkOutput(output({ overwrite: true }))).rejects.toEqual(code('same_file'));
  });

  it('in a folder that does not exist, or is a file, is refused', async () => {
    await writeFile(join(folder, 'file'), 'x');
    for (const parent of ['missing', 'file'])
      await expect(checkOutput(output({ output: join(folder, parent, 'out.mp4') }))).rejects.toEqual(
        code('output_directory_missing'),
      );
  });

  it('that is a folder is refused', async () => {
    await mkdir(join(folder, 'out.mp4'));
    await expect(checkOutput(output({ overwrite: true }))).rejects.toEqual(code('output_not_a_file'));
  });

  it('whose folder takes no files is refused', async () => {
    // In these nobody can make anything, root included
    for (const place of ['/sys', '/proc']) {
      const refused = checkOutput(output({ output: `${place}/out.mp4`, parts: `${place}/.ffmill-1` }));
      await expect(refused).rejects.toEqual(code('output_not_writable'));
    }
  });
});

describe('files that reports vouched for', () => {
  const wait = (sizeBytes: number, signal = new AbortController().signal) =>
    awaitFiles(
      { paths: localPathNames({}), signal },
      [{ file: { path: join(folder, 'a'), size_bytes: sizeBytes }, what: 'segment 3' }],
      { patienceMs: 60, pauseMs: 10 },
    );

  it('are waited for until they have their full size', async () => {
    await writeFile(join(folder, 'a'), 'ab');
    const waiting = wait(4);
    await writeFile(join(folder, 'a'), 'abcd');
    await waiting;
  });

  it('are lost when they stay away or short, and named', async () => {
    await expect(wait(4)).rejects.toMatchObject({
      ...{ code: 'part_lost', message: 'missing or short: segment 3' },
      problems: [{ pointer: join(folder, 'a') }],
    });
    await writeFile(join(folder, 'a'), 'ab');
    await expect(wait(4)).rejects.toEqual(code('part_lost'));
  });

  it('are waited for no longer than the attempt lives', async () => {
    await expect(wait(4, AbortSignal.abort(new Error('canceled')))).rejects.toThrow('canceled');
  });
});

describe('the file of an attempt', () => {
  it('goes with its folder when the work fails', async () => {
    const path = join(folder, 'scratch', 'job', 'part');
    const failing = inOwnFile(path, async () => {
      await writeFile(path, 'half');
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await readdir(join(folder, 'scratch'))).toEqual([]);
  });

  it('stays when others have files in its folder, and so do they', async () => {
    await writeFile(join(folder, 'other'), 'x');
    await expect(inOwnFile(join(folder, 'mine'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await readdir(folder)).toEqual(['other']);
  });
});

describe('an input', () => {
  it('that is as it was probed passes, one that was written to does not', async () => {
    const path = join(folder, 'in');
    await writeFile(path, 'abcd');
    const probed = { path, ...(await checkInputFile(path)) };
    await checkInputUnchanged(probed);
    await expect(checkInputUnchanged({ ...probed, modifiedMs: probed.modifiedMs - 1 })).rejects.toEqual(
      code('input_changed'),
    );
    await expect(checkInputUnchanged({ ...probed, sizeBytes: 3 })).rejects.toThrow('went from 3 to 4 bytes');
    await writeFile(path, 'abXd');
    const { modifiedMs } = await checkInputFile(path);
    await expect(checkInputUnchanged({ ...probed, modifiedMs })).rejects.toThrow('another of the same size and time');
    await rm(path);
    await expect(checkInputUnchanged(probed)).rejects.toEqual(code('input_missing'));
  });
});
