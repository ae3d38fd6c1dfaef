import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

/** One stream of the bytes of several files. Read as fast as it is taken; a file is opened when its turn comes. */
export function concatenateFiles(paths: readonly string[]): Readable {
  return Readable.from(bytesOf(paths), { objectMode: false });
}

async function* bytesOf(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield* createReadStream(path, { highWaterMark: 1024 * 1024 });
}
