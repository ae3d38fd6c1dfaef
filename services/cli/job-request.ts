import { resolve } from 'node:path';
import type { RequestProblem } from '../../shared/errors.ts';
import type { JobRequestInput } from '../../shared/wire/jobs.ts';
import type { OptionValues } from './command.ts';
import { UsageError } from './usage-error.ts';

/** Options that are a field of the request by the same name (with underscores). */
const TEXTS = [
  'profile',
  'video-codec',
  'hardware',
  'preset',
  'video-bitrate',
  'maxrate',
  'bufsize',
  'pixel-format',
  'audio-codec',
  'audio-bitrate',
];
const NUMBERS = ['crf', 'width', 'height', 'audio-channels'];
const PATH_VARIABLE = /^\$\{[a-z][a-z0-9_]*\}/;

/** The request that IN, OUT and the options stand for. What the values mean is judged by the farm, in one place. */
export function jobRequest(
  folder: string,
  [input = '', output = '']: readonly string[],
  options: OptionValues,
): JobRequestInput {
  const texts = TEXTS.map((name) => [fieldOf(name), options[name]]);
  const numbers = NUMBERS.map((name) => [fieldOf(name), numberOption(options, name)]);
  return {
    input: pathName(folder, input),
    output: pathName(folder, output),
    ...Object.fromEntries([...texts, ...numbers].filter(([, value]) => value !== undefined)),
    ...given('segment', segmentPolicy(options)),
    ...given('verify', options.verify),
    ...given('on_error', options['on-error']),
    ...given('overwrite', options.overwrite),
    ...given('retry_attempts', numberOption(options, 'retries')),
  };
}

/** Where a problem that was found is on the command line. */
export function optionOfPointer({ pointer }: RequestProblem): string {
  const field = pointer.split('/')[1] ?? '';
  if (field === 'input') return 'IN';
  if (field === 'output') return 'OUT';
  return field === 'retry_attempts' ? '--retries' : `--${field.replaceAll('_', '-')}`;
}

/** A number given with an option; undefined when it was not given. */
export function numberOption(options: OptionValues, name: string): number | undefined {
  const text = options[name];
  if (typeof text !== 'string') return undefined;
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number))
    throw new UsageError(`--${name} takes a number, not ${JSON.stringify(text)}.`);
  return number;
}

/** The same for what is counted: processors, ports. */
export function wholeNumberOption(options: OptionValues, name: string, least = 0): number | undefined {
  const number = numberOption(options, name);
  if (number !== undefined && (!Number.isInteger(number) || number < least))
    throw new UsageError(`--${name} takes a whole number from ${least} on, not ${number}.`);
  return number;
}

/** Absolute, unless a path variable of the farm stands in front. */
function pathName(folder: string, operand: string): string {
  if (operand === '') throw new UsageError('A file name may not be empty.');
  return PATH_VARIABLE.test(operand) ? operand : resolve(folder, operand);
}

function segmentPolicy(options: OptionValues): JobRequestInput['segment'] {
  if (options.segment === undefined) return undefined;
  if (options.segment === 'auto' || options.segment === 'off') return { mode: options.segment };
  const seconds = Number(options.segment);
  if (options.segment === '' || !Number.isFinite(seconds))
    throw new UsageError(`--segment takes auto, off or a number of seconds, not ${JSON.stringify(options.segment)}.`);
  return { mode: 'fixed', seconds };
}

function fieldOf(option: string): string {
  return option.replaceAll('-', '_');
}

function given<Value>(field: string, value: Value | undefined): Record<string, Value> {
  return value === undefined ? {} : { [field]: value };
}
