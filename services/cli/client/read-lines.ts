/**
 * Text as its lines come in. They end with LF, CR or CRLF wherever the chunks are cut; what follows the last end, a line
 * that the connection's end cut off, is dropped.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder(); // takes a byte order mark away, as the standard of event streams asks
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    // A CR at the very end may be half of a CRLF: it stays until the next chunk shows.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}
