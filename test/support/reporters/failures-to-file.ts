import { appendFileSync } from 'node:fs';
import process from 'node:process';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/**
 * Appends what failed, with its messages, to the file named by FAILURES_FILE. `npm test` runs several stages and prints
 * that file as its last words: whoever sees only the end of a long log must see what failed, not what passed.
 */
export default class FailuresToFile implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    const file = process.env.FAILURES_FILE;
    if (file === undefined) return;

    const failures = [
      ...modules.flatMap(failuresOf),
      ...unhandled.map((error) => describe('outside of any test', [error])),
    ];
    appendFileSync(file, failures.join(''));
  }
}

function failuresOf(module: TestModule): string[] {
  const tests = [...module.children.allTests('failed')];
  const groups = [module, ...module.children.allSuites()].filter((group) => group.errors().length > 0);
  return [
    ...groups.map((group) => describe(module.relativeModuleId, group.errors())),
    ...tests.map((test) => describe(`${module.relativeModuleId} > ${test.fullName}`, test.result().errors ?? [])),
  ];
}

function describe(name: string, errors: readonly SerializedError[]): string {
  const texts = errors.map((error) => (error.stack ?? error.message).replaceAll(/\n.*(?:node_modules|node:).*/gu, ''));
  return `${name}\n${texts.join('\n').replaceAll(/^/gmu, '    ')}\n`;
}
