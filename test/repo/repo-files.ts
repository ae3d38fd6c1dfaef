import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '..', '..');

/**
 * Every file that belongs to the repository, as paths with forward slashes. Read from the disk and .gitignore instead
 * of from git: the tests also run where there is no git, or no .git folder.
 */
export function repoFiles(): string[] {
  const patterns = ignored();
  const isIgnored = (name: string) => name === '.git' || patterns.some((pattern) => path.matchesGlob(name, pattern));

  const files: string[] = [];
  const visit = (folder: string) => {
    for (const entry of readdirSync(path.join(ROOT, folder), { withFileTypes: true })) {
      const file = path.posix.join(folder, entry.name);
      if (isIgnored(entry.name) || isIgnored(file)) continue;
      if (entry.isDirectory()) visit(file);
      else if (entry.isFile()) files.push(file);
    }
  };
  visit('');
  return files;
}

/** Whether a path lies where only the running software or the set-up puts something. */
export function isMadeLater(file: string): boolean {
  return ignored().some((folder) => file === folder || file.startsWith(`${folder}/`));
}

/** The patterns of .gitignore. */
function ignored(): string[] {
  return read('.gitignore')
    .split('\n')
    .map((line) => line.trim().replace(/^\/|\/$/g, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));
}

/** The text of a file of the repository. */
export function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8');
}
