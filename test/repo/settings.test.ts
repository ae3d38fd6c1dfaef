import { expect, test } from 'vitest';
import { read, repoFiles } from './repo-files.ts';

const NAME = /\bFFMILL_[A-Z0-9_]+\b/g;

/** The settings that the processes parse: each names its variables in a config.ts, or shares a settings.ts. */
function parsedSettings(): string[] {
  const configs = repoFiles().filter((file) => /^(shared|services)\/.*(config|settings)\.ts$/.test(file));
  return unique(configs.flatMap((file) => read(file).match(NAME) ?? []));
}

/** The settings that .env.example has a line for, commented out or not. */
function documentedSettings(): string[] {
  return unique([...read('.env.example').matchAll(/^#? ?(FFMILL_[A-Z0-9_]+)=/gm)].map((match) => match[1] ?? ''));
}

const unique = (names: readonly string[]) => [...new Set(names)].toSorted();

test('every setting has a line in .env.example, and every line is a setting', () => {
  expect(parsedSettings()).not.toEqual([]);
  expect(documentedSettings()).toEqual(parsedSettings());
});
