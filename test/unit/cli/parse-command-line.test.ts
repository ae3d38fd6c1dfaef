import { describe, expect, test } from 'vitest';
import { COMMANDS, findCommand } from '../../../services/cli/command-table.ts';
import { parseCommandLine } from '../../../services/cli/parse-command-line.ts';
import { UsageError } from '../../../services/cli/usage-error.ts';

const parse = (...args: string[]) => parseCommandLine(args, findCommand);

function refusal(...args: string[]): UsageError {
  try {
    parse(...args);
  } catch (error) {
    if (error instanceof UsageError) return error;
  }
  throw new Error('was not refused');
}

describe('parseCommandLine', () => {
  test('gives the command with its operands and options', () => {
    expect(parse('transcode', 'in.mkv', '--profile', 'hevc', 'out.mp4', '--overwrite')).toMatchObject({
      ask: 'run',
      command: 'transcode',
      operands: ['in.mkv', 'out.mp4'],
      options: { profile: 'hevc', overwrite: true },
    });
  });

  test('takes common options before the command as well', () => {
    expect(parse('--json', 'list')).toMatchObject({ ask: 'run', command: 'list', options: { json: true } });
  });

  test('takes everything after -- as an operand, leading dash and all', () => {
    expect(parse('transcode', '--', '-in.mkv', '--json')).toMatchObject({
      operands: ['-in.mkv', '--json'],
      options: {},
    });
  });

  test.each([
    { args: ['--version'], asked: { ask: 'version' } },
    { args: ['--help'], asked: { ask: 'help', command: undefined } },
    { args: ['-h', '--json'], asked: { ask: 'help', command: undefined } },
    { args: ['show', '--help'], asked: { ask: 'help', command: 'show' } },
  ])('understands $args', ({ args, asked }) => {
    expect(parse(...args)).toEqual(asked);
  });

  test.each([
    { args: [], message: 'A command is missing.' },
    { args: ['--slow'], message: 'There is no option --slow.' },
    { args: ['transmute'], message: 'There is no command "transmute".' },
    { args: ['constructor'], message: 'There is no command "constructor".' },
    { args: ['transcode', 'in.mkv'], message: 'OUT is missing.' },
    { args: ['show', '1', '2'], message: '"2" is one argument too many.' },
    { args: ['show', '1', '--deep'], message: "Unknown option '--deep'." },
    {
      args: ['submit', '-odd.mp4', 'out.mp4'],
      message: "Unknown option '-o'; a file name that begins with a dash goes after --.",
    },
    { args: ['transcode', 'a', 'b', '--crf'], message: "Option '--crf <value>' argument missing." },
    {
      args: ['transcode', 'a', 'b', '--crf', '-5'],
      message: 'A value of --crf that begins with a dash is written --crf=VALUE.',
    },
    { args: ['transcode', 'a', 'b', '--overwrite=yes'], message: "Option '--overwrite' does not take an argument." },
  ])('refuses $args with one sentence', ({ args, message }) => {
    expect(refusal(...args).message).toBe(message);
  });

  test('a refusal names the command whose usage line helps', () => {
    expect(refusal('show').command).toBe('show');
  });
});

describe('the table of commands', () => {
  const examples = Object.values(COMMANDS).flatMap((spec) => [...spec.examples]);

  test.each(examples)('its example "%s" is a valid command line', (example) => {
    const [ffmill, ...args] = (example.split(' | ')[0] ?? '').split(' ');
    expect(ffmill).toBe('ffmill');
    expect(parse(...args).ask).toBe('run');
  });

  test.each(Object.entries(COMMANDS))('loads the command %s', async (_name, spec) => {
    expect(await spec.load()).toBeTypeOf('function');
  });
});
