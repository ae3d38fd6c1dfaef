import type { PathName } from './job.ts';

/**
 * What an absolute name needs: a worker that lets jobs name the files of its own machine by their path. It stands among
 * path variables, but is none: no name can be written with it.
 */
export const OWN_PATHS = '/';

const VARIABLE = /^\$\{([a-z][a-z0-9_]*)\}(?=\/|$)/;

/** A name and its variable: `${media}/in.mkv` is `media` and `/in.mkv`. undefined: it begins with none. */
export function splitPathName(name: PathName): { readonly variable: string; readonly rest: string } | undefined {
  const match = VARIABLE.exec(name);
  return match?.[1] === undefined ? undefined : { variable: match[1], rest: name.slice(match[0].length) };
}

/** What a worker must have to open a file of this name: the name of a path variable, or `OWN_PATHS`. */
export function pathVariableOf(name: PathName): string {
  return splitPathName(name)?.variable ?? OWN_PATHS;
}
