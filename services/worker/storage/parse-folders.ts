import { isAbsolute, normalize } from 'node:path';

type Parsed = { readonly folders: Readonly<Record<string, string>>; readonly problems: readonly string[] };

const NAME = /^[a-z][a-z0-9_]{0,99}$/;

/** Reads `media=/mnt/media,scratch=/mnt/scratch`: the folders by path variable, and all that is wrong with the text. */
export function parseFolders(text: string): Parsed {
  const folders: Record<string, string> = {};
  const problems: string[] = [];
  for (const entry of text.split(',')) {
    const [name = '', ...rest] = entry.split('=');
    const folder = rest.join('=');
    const problem = problemOf(name, folder, folders);
    if (problem === undefined) folders[name] = normalize(folder);
    else problems.push(`${JSON.stringify(entry)} ${problem}`);
  }
  return { folders, problems };
}

function problemOf(name: string, folder: string, known: Parsed['folders']): string | undefined {
  if (!NAME.test(name)) return 'does not begin with a name of small letters, digits and _, as in media=/mnt/media';
  if (!isAbsolute(folder)) return 'names no absolute folder, as in media=/mnt/media';
  return name in known ? `names a second folder of one variable` : undefined;
}
