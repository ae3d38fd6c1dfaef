import type { EventBody } from '../../shared/wire/events.ts';

export type Told = { readonly id: string; readonly event: string; readonly data: EventBody };

/** The events of a text/event-stream as they come. `id` is that of the block itself, '' without one. Ends when cut. */
export async function* readEvents(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Told, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of body ?? []) {
      const blocks = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
        if (field('data') !== '') yield { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
      }
    }
  } catch (error) {
    if (!(error instanceof Error && error.name === 'AbortError')) throw error;
  }
  return undefined;
}
