import { defineConfig } from 'vitest/config';

const SECOND = 1000;

/**
 * One project per folder of test/. `order`: quick ones first, so that a typo shows within seconds; projects of the same
 * order run together. `alone`: one file at a time, because each starts a farm that wants the whole machine.
 */
const PROJECTS = [
  { name: 'unit', order: 0, alone: false, timeout: 5 * SECOND },
  { name: 'contract', order: 0, alone: false, timeout: 20 * SECOND },
  { name: 'repo', order: 1, alone: true, timeout: 120 * SECOND },
  { name: 'service', order: 2, alone: true, timeout: 60 * SECOND },
  { name: 'media', order: 3, alone: true, timeout: 180 * SECOND },
] as const;

export default defineConfig({
  test: {
    // Encodes already use every core; more than two test processes only make timeouts of slow machines.
    maxWorkers: 2,
    allowOnly: false,
    passWithNoTests: false,
    reporters: ['default', './test/repo/nothing-skipped-reporter.ts'],
    projects: PROJECTS.map(({ name, order, alone, timeout }) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
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
