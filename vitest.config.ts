import { defineConfig } from 'vitest/config';

const SECOND = 1000;

type Project = {
  readonly name: string;
  readonly order: number;
  readonly alone: boolean;
  readonly timeout: number;
  /** Other folders than the one of the project's name. */
  readonly folders?: readonly string[];
  readonly without?: readonly string[];
  /** Starts what all files of the project share. */
  readonly setup?: string;
  readonly env?: Readonly<Record<string, string>>;
};

/**
 * One project per folder of test/. `order`: quick ones first, so that a typo shows within seconds; projects of the same
 * order run together. `alone`: one file at a time, because each starts a farm that wants the whole machine.
 */
const PROJECTS: readonly Project[] = [
  { name: 'unit', order: 0, alone: false, timeout: 5 * SECOND },
  { name: 'contract', order: 0, alone: false, timeout: 20 * SECOND, without: ['contract/galera'] },
  {
    name: 'galera',
    order: 1,
    alone: false,
    timeout: 120 * SECOND,
    folders: ['contract/store', 'contract/galera'],
    setup: './test/support/provide-test-schemas.ts',
    env: { FFMILL_TEST_STORE: 'galera' },
  },
  { name: 'repo', order: 1, alone: true, timeout: 120 * SECOND },
  { name: 'service', order: 2, alone: true, timeout: 60 * SECOND },
  { name: 'media', order: 3, alone: false, timeout: 180 * SECOND },
  {
    name: 'system',
    order: 4,
    alone: true,
    timeout: 300 * SECOND,
    setup: './test/system/support/start-stack.ts',
  },
];

export default defineConfig({
  test: {
    // Encodes already use every core; more than two test processes only make timeouts of slow machines.
    maxWorkers: 2,
    // What runs together within a file: rows of the media matrix, which wait for FFmpeg and for the disk in turn.
    maxConcurrency: 3,
    allowOnly: false,
    passWithNoTests: false,
    reporters: [
      'default',
      './test/support/reporters/nothing-skipped.ts',
      './test/support/reporters/failures-to-file.ts',
    ],
    projects: PROJECTS.map(({ name, order, alone, timeout, folders = [name], without = [], setup, env = {} }) => ({
      test: {
        name,
        include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
        exclude: without.map((folder) => `test/${folder}/**`),
        ...(setup === undefined ? {} : { globalSetup: [setup] }),
        env,
        environment: 'node',
        pool: 'forks',
        maxWorkers: alone ? 1 : 2,
        fileParallelism: !alone,
        sequence: { groupOrder: order },
        testTimeout: timeout,
        hookTimeout: timeout,
        restoreMocks: true,
      },
    })),
  },
});
