import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKS } from '../../scripts/checks.ts';
import { runCheck } from '../../scripts/run-check.ts';
import { makeOffendingTree, OFFENCES } from './offending-tree.ts';
import { ROOT } from './repo-files.ts';

describe('npm run check', () => {
  test.each(CHECKS)('$name: the repository passes, without a word', async (check) => {
    const { passed, output } = await runCheck(check, ROOT);
    expect(passed, output).toBe(true);
  });
});

describe('a check that cannot fail is a defect', () => {
  let tree: Awaited<ReturnType<typeof makeOffendingTree>>;
  const outputs = new Map<string, string>();

  beforeAll(async () => {
    tree = await makeOffendingTree();
    for (const check of CHECKS) {
      const { passed, output } = await runCheck(check, tree.folder);
      outputs.set(check.name, passed ? '' : output);
    }
  });
  afterAll(() => tree.remove());

  test.each(OFFENCES)('$check finds $rule', ({ check, rule }) => {
    expect(outputs.get(check)).toContain(rule);
  });
});
