import type { LogPage } from '../../../shared/wire/jobs.ts';
import { readLog } from '../client/read-log.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { printable } from '../print/printable.ts';

export const logs: CommandRun = async (context, [name = ''], options) => {
  const { output } = context;
  const all: LogPage['lines'] = [];
  for await (const line of readLog(farmClient(context), name, { follow: options.follow === true })) {
    if (output.json) all.push(line);
    output.say(printable(line.text));
  }
  output.answer({ lines: all }, '');
  return EXIT.done;
};
