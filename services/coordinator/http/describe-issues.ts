import type { z } from 'zod';
import type { RequestProblem } from '../../../shared/errors.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

/** A schema's findings as pointers into what was parsed. Every unknown field is named on its own. */
export function describeIssues(error: z.ZodError): RequestProblem[] {
  return error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [{ pointer: pointerTo(issue.path), message: issue.message }];
    return issue.keys.map((key) => ({ pointer: pointerTo([...issue.path, key]), message: 'is not a known field' }));
  });
}

/** RFC 6901. */
function pointerTo(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** What to say about an issue; given to a schema's parse. Undefined leaves zod's own words. */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? 'is missing' : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case 'too_small':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'above' : 'at least', Number(issue.minimum))}`;
    case 'too_big':
      return `must ${amount(issue.origin, issue.inclusive === false ? 'below' : 'at most', Number(issue.maximum))}`;
    case 'invalid_value':
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
    case 'invalid_format':
      return issue.format === 'regex' ? 'is not of the right form' : `is not a valid ${issue.format}`;
    case 'invalid_union':
      return nearestMiss(issue.errors);
    default:
      return undefined;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'a string',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function amount(origin: string, bound: string, limit: number): string {
  if (origin === 'string') return `have ${bound} ${limit} characters`;
  if (origin === 'array') return `have ${bound} ${limit} entries`;
  return `be ${bound} ${limit}`;
}

/** Of a union's branches the one whose type was right says best what is wrong. */
function nearestMiss(branches: readonly (readonly Issue[])[]): string {
  const messages = branches.flatMap(([first]) => (first ? [first] : []));
  const near = messages.filter((issue) => issue.code !== 'invalid_type' || issue.path.length > 0);
  return [...new Set((near.length > 0 ? near : messages).map((issue) => issue.message))].join(' or ');
}
