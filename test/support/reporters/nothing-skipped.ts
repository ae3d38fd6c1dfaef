import process from 'node:process';
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node';

/**
 * With CI=true a run in which a test was skipped (or marked todo), or in which no test ran, fails: what nobody ran
 * proves nothing. Elsewhere skipped tests are only counted, as always.
 */
export default class NothingSkippedReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], _errors: unknown, reason: TestRunEndReason): void {
    if (process.env.CI !== 'true' || reason === 'interrupted') return;

    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const notRun = modules.filter((module) => module.state() === 'skipped');
    if (tests.length > 0 && skipped.length === 0 && notRun.length === 0) return;

    process.exitCode = 1;
    console.error(tests.length === 0 ? '\nNo test ran.' : '\nSkipped, which CI does not accept:');
    for (const test of skipped) console.error(`  ${test.module.relativeModuleId} > ${test.fullName}`);
    for (const module of notRun) console.error(`  ${module.relativeModuleId} (the whole file)`);
  }
}
