import type { Environment } from './environment.ts';
import type { ExitCode } from './exit-codes.ts';
import type { Output } from './output.ts';

export type OptionSpec = {
  /** What stands for the value in the help; null for an option that is there or not. */
  readonly value: string | null;
  readonly help: string;
};

/** The options of one command as they were given; the table decides which are texts and which are flags. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export type CommandContext = {
  readonly output: Output;
  readonly env: Environment;
  /** The caller's folder: relative paths start here. */
  readonly folder: string;
  /** Aborted by the first Ctrl-C (SIGTERM, SIGHUP). The second ends the process. */
  readonly interrupted: AbortSignal;
  /** The whole table, for `help`. */
  readonly commands: Readonly<Record<string, CommandSpec>>;
};

export type CommandRun = (
  context: CommandContext,
  operands: readonly string[],
  options: OptionValues,
) => Promise<ExitCode>;

/** One row of the table that drives parsing, help and dispatch. */
export type CommandSpec = {
  /** Names of the operands; one in brackets may be left out. */
  readonly operands: readonly string[];
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly examples: readonly string[];
  /** Loads the command's own modules, so that no other command pays for them. */
  load(): Promise<CommandRun>;
};
