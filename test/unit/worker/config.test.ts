import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultSlots, readWorkerConfig, threadsPerSlot } from '../../../services/worker/config.ts';

test('without settings the machine decides', () => {
  const slots = defaultSlots(availableParallelism());
  expect(readWorkerConfig({})).toMatchObject({
    ...{ url: 'http://127.0.0.1:8080', name: hostname(), slots, ffmpeg: 'ffmpeg', stallMs: 120_000, drainGraceMs: 0 },
    threads: threadsPerSlot(availableParallelism(), slots),
    scratchDir: join(process.cwd(), 'data', 'scratch'),
  });
});

test('the scratch folder follows the data folder unless it is set', () => {
  expect(readWorkerConfig({ FFMILL_DATA_DIR: '/var/lib/ffmill' }).scratchDir).toBe('/var/lib/ffmill/scratch');
  expect(readWorkerConfig({ FFMILL_DATA_DIR: '/a', FFMILL_SCRATCH: '/b' }).scratchDir).toBe('/b');
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
