import { isFinalJobState } from '../../../shared/job/transitions.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { LogPage } from '../../../shared/wire/jobs.ts';
import type { Client } from '../client.ts';
import type { CommandRun } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { farmClient } from '../farm-client.ts';
import { printable } from '../print/printable.ts';

type Line = LogPage['lines'][number];

const BETWEEN_LOOKS_MS = 500;

export const logs: CommandRun = async (context, [name = ''], options) => {
  const { output, interrupted } = context;
  const client = farmClient(context);
  const all: Line[] = [];
  for await (const lines of logPages(client, name, { follow: options.follow === true, signal: interrupted })) {
    if (output.json) all.push(...lines);
    for (const line of lines) output.say(printable(line.text));
  }
  output.answer({ lines: all }, '');
  return EXIT.done;
};

/** All lines so far, page by page; with `follow` also those that come until the job has ended. */
async function* logPages(
  client: Client,
  job: string,
  { follow, signal }: { follow: boolean; signal: AbortSignal },
): AsyncGenerator<Line[]> {
  let after = 0;
  for (;;) {
    // Asked before the page: what an ended job said is then on it.
    const ended = !follow || isFinalJobState((await client.findJob(job)).state);
    const page = await client.readLogs(job, after);
    after = page.next;
    yield page.lines;
    if (page.lines.length > 0) continue;
    if (ended) return;
    await sleep(BETWEEN_LOOKS_MS, signal);
  }
}
