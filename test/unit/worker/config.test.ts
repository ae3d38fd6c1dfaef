import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSlots, readWorkerConfig, threadsPerSlot } from '../../../services/worker/config.ts';

test('without settings the machine decides', () => {
  const slots = defaultSlots(availableParallelism());
  expect(readWorkerConfig({})).toMatchObject({
    ...{ url: 'http://127.0.0.1:8080', name: hostname(), slots, ffmpeg: 'ffmpeg', stallMs: 120_000, drainGraceMs: 0 },
    shutdown: 'graceful',
    threads: threadsPerSlot(availableParallelism(), slots),
    ...{ folders: { scratch: join(process.cwd(), 'data', 'scratch') }, absoluteNames: true },
  });
});

test('the scratch folder follows the data folder unless it is set', () => {
  expect(readWorkerConfig({ FFMILL_DATA_DIR: '/var/lib/ffmill' }).folders).toEqual({
    scratch: '/var/lib/ffmill/scratch',
  });
  expect(readWorkerConfig({ FFMILL_DATA_DIR: '/a', FFMILL_SCRATCH: '/b' }).folders).toEqual({ scratch: '/b' });
});

test('fewer slots mean more threads each', () => {
  const { slots, threads } = readWorkerConfig({ FFMILL_SLOTS: '1' });
  expect({ slots, threads }).toEqual({ slots: 1, threads: availableParallelism() });
  expect(readWorkerConfig({ FFMILL_SLOTS: '1', FFMILL_THREADS: '3' }).threads).toBe(3);
});

test.for([
  ...[
    [1, 1],
    [2, 2],
    [4, 4],
    [8, 4],
    [16, 4],
    [32, 8],
    [96, 24],
  ],
])('%i cores make %i slots', ([cores, slots]) => {
  expect(defaultSlots(cores ?? 0)).toBe(slots);
});

test('path variables replace absolute names, and one of them is scratch', () => {
  const named = readWorkerConfig({ FFMILL_PATHS: 'media=/mnt/media/,scratch=/mnt/a=b' });
  expect(named).toMatchObject({ folders: { media: '/mnt/media/', scratch: '/mnt/a=b' }, absoluteNames: false });
  const short = readWorkerConfig({ FFMILL_PATHS: 'media=/mnt/media', FFMILL_SCRATCH: '/s' });
  expect(short).toMatchObject({ folders: { media: '/mnt/media', scratch: '/s' }, absoluteNames: false });
});

test('all that is wrong with the path variables is said at once', () => {
  expect(() => readWorkerConfig({ FFMILL_PATHS: 'Media=/m,films=films,a=/1,a=/2,,x', FFMILL_SLOTS: '0' })).toThrow(
    [
      'FFMILL_SLOTS: must be above 0',
      'FFMILL_PATHS: "Media=/m" does not begin with a name of small letters, digits and _, as in media=/mnt/media',
      'FFMILL_PATHS: "films=films" names no absolute folder, as in media=/mnt/media',
      'FFMILL_PATHS: "a=/2" names a second folder of one variable',
      'FFMILL_PATHS: "" does not begin with a name of small letters, digits and _, as in media=/mnt/media',
      'FFMILL_PATHS: "x" names no absolute folder, as in media=/mnt/media',
      'FFMILL_PATHS: names no scratch folder: add scratch=…, shared by all workers with these paths',
    ].join('\n  '),
  );
  const both = { FFMILL_PATHS: 'media=/m,scratch=/s', FFMILL_SCRATCH: '/t' };
  expect(() => readWorkerConfig(both)).toThrow('FFMILL_PATHS: names a scratch folder, and so does FFMILL_SCRATCH');
});

test('every problem is named at once', () => {
  const env = {
    FFMILL_URL: 'ftp://x',
    FFMILL_SLOTS: '0',
    FFMILL_STALL_SECONDS: 'soon',
    FFMILL_DRAIN_GRACE_SECONDS: '-1',
  };
  const problems = [
    'FFMILL_URL: must be an http or https URL',
    'FFMILL_SLOTS: must be above 0',
    'FFMILL_STALL_SECONDS: must be a number',
    'FFMILL_DRAIN_GRACE_SECONDS: must be 0 or above',
  ];
  expect(() => readWorkerConfig(env)).toThrow(problems.join('\n  '));
});
