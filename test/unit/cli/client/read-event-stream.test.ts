import { describe, expect, test } from 'vitest';
import { readEventStream } from '../../../../services/cli/client/read-event-stream.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

async function read(...chunks: Uint8Array[]) {
  async function* source() {
    yield* chunks;
  }
  return Array.fromAsync(readEventStream(source()));
}

describe('readEventStream', () => {
  test('reads id, event and data, and skips comments and fields it does not know', async () => {
    const text = ': still here\n\nretry: 1000\nid: 7\nevent: job.created\ndata: {"a":1}\n\n';
    expect(await read(bytes(text))).toEqual([{ id: '7', event: 'job.created', data: '{"a":1}' }]);
  });

  test.each(['\n', '\r', '\r\n'])('lines may end with %j, wherever the chunks are cut', async (end) => {
    const whole = bytes(['id: 1', 'data: ä', '', 'data: two', 'data:  lines', '', ''].join(end));
    const expected = [
      { id: '1', event: 'message', data: 'ä' },
      { id: '1', event: 'message', data: 'two\n lines' },
    ];
    for (let cut = 0; cut <= whole.length; cut += 1) {
      // A last CR may be half of a CRLF: that is known with the next byte.
      expect(await read(whole.slice(0, cut), whole.slice(cut), bytes(end === '\r' ? ':' : ''))).toEqual(expected);
    }
  });

  test('drops an event that the end of the connection cuts off', async () => {
    expect(await read(bytes('data: whole\n\ndata: half'))).toHaveLength(1);
  });

  test('an event without data is none, but its id counts for the next', async () => {
    expect(await read(bytes('id: 3\n\ndata: x\n\n'))).toEqual([{ id: '3', event: 'message', data: 'x' }]);
  });

  test('a byte order mark and a field without a colon are no trouble', async () => {
    expect(await read(bytes('\ufeffdata\n\ndata: x\n\n'))).toEqual([
      { id: '', event: 'message', data: '' },
      { id: '', event: 'message', data: 'x' },
    ]);
  });
});
