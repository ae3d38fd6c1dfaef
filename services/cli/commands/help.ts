import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { commandHelp, overview } from '../help-text.ts';
import { UsageError } from '../usage-error.ts';

export const help: CommandRun = async ({ output, commands }, [name]) => {
  const spec = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name !== undefined && spec === undefined) throw new UsageError(`There is no command ${JSON.stringify(name)}.`);
  const text = name === undefined || spec === undefined ? overview(commands) : commandHelp(name, spec);
  output.answer({ help: text }, text);
  return EXIT.done;
};
