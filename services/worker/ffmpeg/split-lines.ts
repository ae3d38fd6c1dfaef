import { StringDecoder } from 'node:string_decoder';

/** A line longer than this is cut: the rest up to the next end of line is read and forgotten. */
const MAX_LINE_CHARACTERS = 4000;

/** FFmpeg ends a line with LF, a line it means to overwrite with CR, and its libraries use either. */
const END_OF_LINE = /[\r\n]/;

/**
 * Cuts a stream of bytes into lines at CR and at LF. Empty lines are left out. What it keeps between chunks is bounded
 * whatever arrives: a writer that never ends its line must neither fill the memory nor stop the reading, because a full
 * pipe blocks FFmpeg for ever.
 */
export function splitLines(onLine: (line: string) => void): { write(chunk: Uint8Array): void; end(): void } {
  const decoder = new StringDecoder('utf8');
  let open = '';

  const keep = (text: string) => {
    open += text.slice(0, MAX_LINE_CHARACTERS - open.length);
  };
  const close = () => {
    if (open !== '') onLine(open);
    open = '';
  };
  const read = (text: string) => {
    const [first = '', ...others] = text.split(END_OF_LINE);
    keep(first);
    for (const piece of others) {
      close();
      keep(piece);
    }
  };
  return {
    write: (chunk) => read(decoder.write(chunk)),
    end() {
      read(decoder.end());
      close();
    },
  };
}
