import { posix } from 'node:path';
import { CONTAINERS, containerOf } from '../../../../shared/job/container.ts';
import type { PathName } from '../../../../shared/job/job.ts';
import type { JobRequestBody } from '../../../../shared/wire/jobs.ts';
import type { Finding } from './finding.ts';

const VARIABLE = /^\$\{[a-z][a-z0-9_]*\}(?=\/)/;

/** What is wrong with the two names, as far as text can tell. The coordinator never touches the files. */
export function findPathProblems({ input, output }: JobRequestBody): Finding[] {
  const findings = [...findNameProblems('/input', input), ...findNameProblems('/output', output)];
  if (findings.length > 0) return findings;
  if (normalizeName(input) === normalizeName(output)) return [finding('same_file', '/output', 'is the input')];
  if (containerOf(output) !== undefined) return [];
  const extensions = Object.values(CONTAINERS).flatMap((container) => container.extensions);
  return [finding('invalid_request', '/output', `must end in one of .${extensions.join(', .')}`)];
}

/** The same text for the same place, but for links: without `//`, `.` and `..`. */
export function normalizeName(name: PathName): PathName {
  const variable = variableOf(name);
  return variable + posix.normalize(name.slice(variable.length));
}

/** What Linux's file systems take for one name in a path. */
const LONGEST_NAME_BYTES = 255;

/**
 * Names travel as JSON and reach FFmpeg as UTF-8. A name of other bytes has U+FFFD in their place by then, and would name
 * another file; so would an unpaired surrogate.
 */
function isUtf8(name: PathName): boolean {
  return name.isWellFormed() && !name.includes('\u{FFFD}');
}

function isTooLong(name: PathName): boolean {
  return name.split('/').some((part) => Buffer.byteLength(part) > LONGEST_NAME_BYTES);
}

function findNameProblems(pointer: string, name: PathName): Finding[] {
  if (!isUtf8(name)) return [finding('invalid_path', pointer, 'is not UTF-8: rename the file')];
  if (isTooLong(name))
    return [finding('invalid_path', pointer, `holds a name of more than ${LONGEST_NAME_BYTES} bytes`)];
  const variable = variableOf(name);
  if (variable === '' && !name.startsWith('/'))
    return [
      finding('invalid_path', pointer, 'must be an absolute path or begin with a path variable, as in ${media}/in.mkv'),
    ];
  if (name.endsWith('/')) return [finding('invalid_path', pointer, 'names a folder')];
  const inside = posix.normalize(`.${name.slice(variable.length)}`);
  if (variable !== '' && (inside === '..' || inside.startsWith('../')))
    return [finding('invalid_path', pointer, `leaves the folder of ${variable}`)];
  return [];
}

function variableOf(name: PathName): string {
  return VARIABLE.exec(name)?.[0] ?? '';
}

function finding(code: Finding['code'], pointer: string, message: string): Finding {
  return { code, pointer, message };
}
