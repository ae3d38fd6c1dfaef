import { createHash } from 'node:crypto';

/**
 * The canonical name of what a task needs: its encoders and its path variables, e.g. `aac+libx264@media+scratch`,
 * `any@media` or `any`; a hash when that would be long. Tasks of one class are interchangeable for a worker; each class
 * has one queue.
 */
export type QueueClass = string;

/** What a worker must have to run a task. Sorted, without repetitions: equal needs are equal as JSON. */
export type Needs = {
  readonly encoders: readonly string[];
  /** Path variables by name; `/` (`OWN_PATHS`) stands for absolute names. */
  readonly paths: readonly string[];
};

/** What a worker has: the encoders that it proved and the path variables that it maps. */
export type Offer = { readonly encoders: readonly string[]; readonly paths: readonly string[] };

/** Bytes. A queue may have 255 of them, the prefix among them. */
const LONGEST_NAME = 100;
const ANY = 'any';

/** The needs of a task with these encoders and path variables. Order and repetition do not matter. */
export function needsOf(encoders: readonly string[], paths: readonly string[]): Needs {
  return { encoders: [...new Set(encoders)].sort(), paths: [...new Set(paths)].sort() };
}

/** The class of the tasks with these needs. */
export function queueClass({ encoders, paths }: Needs): QueueClass {
  const name = (encoders.length === 0 ? ANY : encoders.join('+')) + (paths.length === 0 ? '' : `@${paths.join('+')}`);
  return Buffer.byteLength(name) <= LONGEST_NAME ? name : `sha256-${createHash('sha256').update(name).digest('hex')}`;
}

/**
 * The needs of a class: `needs` of its row, or read from the name where that is NULL (rows from before there were path
 * variables; their names are never hashes).
 */
export function needsOfClass({ name, needs }: { readonly name: QueueClass; readonly needs: string | null }): Needs {
  if (needs !== null) return JSON.parse(needs) as Needs; // written by ffmill alone
  const [encoders = ANY, paths = ''] = name.split('@');
  return needsOf(encoders === ANY ? [] : encoders.split('+'), paths === '' ? [] : paths.split('+'));
}

/** What a worker lacks to run a task with these needs. */
export function lackOf(offer: Offer, needs: Needs): Needs {
  return {
    encoders: needs.encoders.filter((encoder) => !offer.encoders.includes(encoder)),
    paths: needs.paths.filter((path) => !offer.paths.includes(path)),
  };
}

/** Whether a worker may take tasks with these needs. */
export function serves(offer: Offer, needs: Needs): boolean {
  const { encoders, paths } = lackOf(offer, needs);
  return encoders.length === 0 && paths.length === 0;
}
