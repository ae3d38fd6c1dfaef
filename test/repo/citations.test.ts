import { expect, test } from 'vitest';
import { read, repoFiles } from './repo-files.ts';

/** Rules of the protocol (A1 …) and sections of the design (§1 …) that comments send their readers to. */
const CITATION = /\b(?:PROTOCOL (A\d+)|DESIGN (§\d+))/g;

test('what a comment cites is there', () => {
  const rules = new Set([...read('docs/protocol.md').matchAll(/^\*\*(A\d+)\./gm)].map(([, rule]) => rule));
  const sections = new Set([...read('docs/design.md').matchAll(/^## (\d+)\./gm)].map(([, number]) => `§${number}`));
  const cited = repoFiles()
    .filter((file) => /\.(ts|mjs|md|pml|cfg|yml)$/.test(file))
    .flatMap((file) => [...read(file).matchAll(CITATION)].map(([, rule, section]) => ({ file, rule, section })));
  const missing = cited.filter(({ rule, section }) => (rule ? !rules.has(rule) : !sections.has(section ?? '')));
  expect(missing).toEqual([]);
  expect(cited.length).toBeGreaterThan(20);
});
