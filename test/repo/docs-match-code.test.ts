import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../../shared/errors.ts';
import { isMadeLater, ROOT, read, repoFiles } from './repo-files.ts';

const DOCS = repoFiles().filter((file) => file.endsWith('.md'));
const TOP_FOLDERS = 'shared|services|haproxy|deploy|test|scripts|bin|docs|\\.ci';

/** `shared/errors.ts`, `test/repo/*.ts`, `test/repo/`: what stands in backticks and looks like our path. */
function pathsIn(text: string): string[] {
  const pattern = new RegExp(`\`((?:${TOP_FOLDERS})/[\\w./*{},-]*|[A-Z]+\\.md)\``, 'g');
  return [...text.matchAll(pattern)].map((match) => match[1] ?? '');
}

/** The targets of Markdown links that point into the repository, without their anchors. */
function linksIn(text: string): string[] {
  const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] ?? '');
  return targets.map((target) => target.replace(/#.*/, '')).filter((target) => target !== '' && !/^\w+:/.test(target));
}

describe.each(['README.md', 'ARCHITECTURE.md', 'docs/errors.md'])('%s', (doc) => {
  test('exists', () => expect(existsSync(path.join(ROOT, doc))).toBe(true));
});

describe.each(DOCS)('%s', (doc) => {
  test('names only files that exist', () => {
    const named = pathsIn(read(doc)).filter((file) => !isMadeLater(file));
    const wrong = named.filter((file) => globSync(file, { cwd: ROOT }).length === 0);
    expect(wrong).toEqual([]);
  });

  test('links only to files that exist', () => {
    const wrong = linksIn(read(doc)).filter((target) => !existsSync(path.join(ROOT, path.dirname(doc), target)));
    expect(wrong).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    const named = [...read(doc).matchAll(/\bnpm run (?:-s |--silent )?([\w:-]+)/g)].map((match) => match[1]);
    expect(named.filter((script) => script !== undefined && !scripts.includes(script))).toEqual([]);
  });
});

describe('docs/errors.md', () => {
  test('explains every error code of shared/errors.ts, and no other', () => {
    const explained = [...read('docs/errors.md').matchAll(/^(?:#+ |\| ?)`([a-z_]+)`/gm)].map((match) => match[1] ?? '');
    expect(explained.toSorted()).toEqual(Object.keys(ERRORS).toSorted());
  });
});

describe('package.json', () => {
  test('has at most ten scripts', () => {
    expect(Object.keys(JSON.parse(read('package.json')).scripts).length).toBeLessThanOrEqual(10);
  });
});
