import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { CommandSpec, OptionValues } from './command.ts';
import { COMMON_OPTIONS } from './help-text.ts';
import { UsageError } from './usage-error.ts';

export type CommandLine =
  | { readonly ask: 'version' }
  | { readonly ask: 'help'; readonly command: string | undefined }
  | {
      readonly ask: 'run';
      readonly command: string;
      readonly spec: CommandSpec;
      readonly operands: readonly string[];
      readonly options: OptionValues;
    };

/**
 * Understands the arguments by the table. Options may stand before and after the command; after `--` all are operands.
 *
 * @throws UsageError with one sentence about the first thing that is wrong.
 */
export function parseCommandLine(
  args: readonly string[],
  find: (name: string) => CommandSpec | undefined,
): CommandLine {
  const place = args.findIndex((arg) => !arg.startsWith('-'));
  const before = place === -1 ? args : args.slice(0, place);
  const command = place === -1 ? undefined : args[place];
  if (before.includes('--version')) return { ask: 'version' };
  if (command === undefined) return withoutCommand(before);

  const spec = find(command);
  if (spec === undefined) throw new UsageError(`There is no command ${JSON.stringify(command)}.`);
  const { values, positionals } = parseOptions(command, spec, [...before, ...args.slice(place + 1)]);
  if (values.help === true) return { ask: 'help', command };
  checkOperands(command, spec, positionals);
  return { ask: 'run', command, spec, operands: positionals, options: values };
}

function withoutCommand(args: readonly string[]): CommandLine {
  if (args.includes('--help') || args.includes('-h')) return { ask: 'help', command: undefined };
  const unknown = args.find((arg) => arg !== '--json');
  throw new UsageError(unknown === undefined ? 'A command is missing.' : `There is no option ${unknown}.`);
}

function parseOptions(command: string, spec: CommandSpec, args: string[]) {
  try {
    const { values, positionals } = parseArgs({ args, strict: true, allowPositionals: true, options: shapes(spec) });
    return { values: values as OptionValues, positionals };
  } catch (error) {
    throw new UsageError(sentence(error), command);
  }
}

function shapes(spec: CommandSpec): NonNullable<ParseArgsConfig['options']> {
  const shape = Object.entries({ ...spec.options, ...COMMON_OPTIONS }).map(([name, { value }]) => [
    name,
    { type: value === null ? 'boolean' : 'string', ...(name === 'help' ? { short: 'h' } : {}) },
  ]);
  return Object.fromEntries(shape);
}

/** Node's messages name the option in the first sentence; the rest is about ambiguities of the shell. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const [first = message] = message.split(/\. |\.?\n/);
  const [, option] = /^Option '(--[^']+)' argument is ambiguous/.exec(first) ?? [];
  if (option !== undefined) return `A value of ${option} that begins with a dash is written ${option}=VALUE.`;
  if (/^Unknown option '-[^-]/.test(first)) return `${first}; a file name that begins with a dash goes after --.`;
  return `${first.replace(/\.$/, '')}.`;
}

function checkOperands(command: string, { operands }: CommandSpec, given: readonly string[]): void {
  const missing = operands.slice(given.length).find((operand) => !operand.startsWith('['));
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`, command);
  const extra = given[operands.length];
  if (extra !== undefined) throw new UsageError(`${JSON.stringify(extra)} is one argument too many.`, command);
}
