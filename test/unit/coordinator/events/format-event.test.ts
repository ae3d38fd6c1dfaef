import { expect, test } from 'vitest';
import { formatEvent } from '../../../../services/coordinator/events/format-event.ts';
import type { EventBody } from '../../../../shared/wire/events.ts';

const event: EventBody = {
  ...{ v: 1, id: 'e1', seq: 4, event: 'job.running', at: '2026-01-01T00:00:00.000Z', job_id: 'j1' },
  data: { text: 'two\nlines' },
};

test('a stored event carries its id, and its data is one line', () => {
  expect(formatEvent(event)).toBe(
    'id: e1\nevent: job.running\n' +
      'data: {"v":1,"id":"e1","seq":4,"event":"job.running","at":"2026-01-01T00:00:00.000Z","job_id":"j1","data":{"text":"two\\nlines"}}\n\n',
  );
});

test('a passing event has no id line: a client that came back with it could not be placed', () => {
  expect(formatEvent({ ...event, event: 'job.progress' })).not.toMatch(/^id:/m);
});
