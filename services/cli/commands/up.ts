import { once } from 'node:events';
import { join, resolve } from 'node:path';
import type { CommandRun } from '../command.ts';
import { startFarm } from '../embedded-farm.ts';
import { EXIT } from '../exit-codes.ts';
import { wholeNumberOption } from '../job-request.ts';
import { printable } from '../print/printable.ts';
import { stateFolder } from '../state-folder.ts';

const USUAL_PORT = 8080;

/** Runs until Ctrl-C. What was running then is given back, and goes on with the next `up` on the same folder. */
export const up: CommandRun = async ({ output, env, folder, interrupted }, _operands, options) => {
  const dataDir = typeof options.data === 'string' ? resolve(folder, options.data) : stateFolder(env, folder);
  const port = wholeNumberOption({ port: options.port ?? (env.FFMILL_PORT || undefined) }, 'port') ?? USUAL_PORT;
  const farm = await startFarm(env, {
    ...{ dataDir, port, slots: wholeNumberOption(options, 'slots', 1), logLevel: 'warn' },
    capabilitiesFile: join(dataDir, 'capabilities.json'),
  });
  try {
    output.answer({ url: farm.url, data_dir: dataDir, slots: farm.slots }, welcome({ ...farm, dataDir }));
    const end = AbortSignal.any([interrupted, farm.failed]);
    if (!end.aborted) await once(end, 'abort');
    farm.failed.throwIfAborted();
    output.note('ffmill: stopping; the state is kept, and what was running goes on with the next ffmill up');
  } finally {
    await farm.stop({ state: 'keep' });
  }
  return EXIT.done;
};

function welcome({ url, dataDir, slots }: { url: string; dataDir: string; slots: number }): string {
  return [
    `ffmill is up at ${url} with ${slots} slots; its state is in ${printable(dataDir)}`,
    '',
    `  FFMILL_URL=${url} ffmill submit in.mkv out.mp4`,
    `  curl -H 'content-type: application/json' -d '{"input":"/videos/in.mkv","output":"/videos/out.mp4"}' ${url}/v1/jobs`,
    '',
    'Ctrl-C stops it and keeps its state.',
  ].join('\n');
}
