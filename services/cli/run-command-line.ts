import { readFileSync } from 'node:fs';
import { AppError, ERRORS, failureOf } from '../../shared/errors.ts';
import { shutdownSignal } from '../../shared/runtime/shutdown.ts';
import { callersFolder } from './callers-folder.ts';
import type { CommandContext } from './command.ts';
import { COMMANDS, findCommand } from './command-table.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { commandHelp, overview, usageLine } from './help-text.ts';
import { optionOfPointer } from './job-request.ts';
import { createOutput, type Output } from './output.ts';
import { type CommandLine, parseCommandLine } from './parse-command-line.ts';
import { UsageError } from './usage-error.ts';

type Streams = Parameters<typeof createOutput>[0];
type Surroundings = Streams & { readonly env: CommandContext['env']; cwd(): string };

const SHOW_CURSOR = '\x1b[?25h';

/** Runs one command line to its end. Says everything that is to be said, and gives the exit code. */
export async function runCommandLine(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { env } = surroundings;
  const output = createOutput(surroundings, { json: asksForJson(args), env });
  const interrupted = shutdownSignal({ onSecond: () => output.terminal?.write(SHOW_CURSOR) });
  try {
    const line = parseCommandLine(args, findCommand);
    if (line.ask !== 'run') return explain(output, line);
    const run = await line.spec.load();
    const context = { output, env, folder: callersFolder(surroundings), interrupted, commands: COMMANDS };
    return await run(context, line.operands, line.options);
  } catch (error) {
    if (interrupted.aborted) return tellInterruption(output, String(interrupted.reason));
    if (output.readerGone.aborted) return EXIT.done; // it has seen enough
    return error instanceof UsageError ? tellUsage(output, error) : tellFailure(output, error);
  }
}

/** Before the arguments are understood, so that even "unknown option" comes as a document. */
function asksForJson(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
}

function explain(output: Output, line: Exclude<CommandLine, { ask: 'run' }>): ExitCode {
  if (line.ask === 'version') {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    output.answer({ version }, version);
  } else {
    const spec = line.command === undefined ? undefined : findCommand(line.command);
    const help = spec === undefined ? overview(COMMANDS) : commandHelp(line.command ?? '', spec);
    output.answer({ help }, help);
  }
  return EXIT.done;
}

function tellUsage(output: Output, { message, command = '' }: UsageError): ExitCode {
  const spec = findCommand(command);
  output.note(`ffmill: ${message}`);
  output.note(spec === undefined ? 'Usage: ffmill COMMAND [OPTIONS]; see: ffmill help' : usageLine(command, spec));
  if (output.json) output.answer({ error: { code: 'invalid_request', message, fault: 'request' } }, '');
  return EXIT.usage;
}

function tellInterruption(output: Output, signal: string): ExitCode {
  tellFailure(output, new AppError('interrupted', `ended by ${signal}`));
  return EXIT.canceled;
}

function tellFailure(output: Output, error: unknown): ExitCode {
  const { code, message, fault } = failureOf(error);
  const problems = error instanceof AppError ? error.problems : [];
  output.note(`ffmill: ${message} (${code})`);
  for (const problem of problems) output.note(`  ${optionOfPointer(problem)}: ${problem.message}`);
  if (code === 'internal' && error instanceof Error) output.note(error.stack ?? '');
  const details = problems.length > 0 ? { errors: problems } : {};
  if (output.json) output.answer({ error: { code, message, fault, ...details } }, '');
  return ERRORS[code].status === 400 ? EXIT.usage : EXIT.failed;
}
