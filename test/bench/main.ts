import { benchLatency } from './latency.ts';
import { benchMedia } from './media.ts';
import { benchQueue } from './queue.ts';

/** `npm run bench -- NAME`. Every figure is a ratio against a plain alternative that was measured in the same run. */
const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  latency: benchLatency,
  media: benchMedia,
  queue: benchQueue,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join(' | ')}`);
  process.exitCode = 2;
} else {
  await bench(args);
}
