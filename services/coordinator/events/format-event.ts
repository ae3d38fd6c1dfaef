import { type EventBody, isPassingEvent } from '../../../shared/wire/events.ts';

/**
 * One event in the text/event-stream format. Only a committed event has an `id:` line: the client repeats the last one
 * when it comes back, and what passes could not be found again.
 */
export function formatEvent(event: EventBody): string {
  const id = isPassingEvent(event) ? '' : `id: ${event.id}\n`;
  return `${id}event: ${event.event}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** A comment: keeps proxies from taking a quiet stream for a dead one. */
export const HEARTBEAT = ': still here\n\n';

/** Tells the client to come back a second after it lost the stream. */
export const OPENING = 'retry: 1000\n\n';
