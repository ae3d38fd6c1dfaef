import { type EventBody, isPassingEvent } from '../../../shared/wire/events.ts';

/** What a stream has told out of the store, so that it does not tell it again when the hub does. */
export type ToldEvents = { add(event: EventBody): void; has(event: EventBody): boolean };

/** A busy farm has fewer jobs and workers than that in the seconds in which the hub may repeat what is stored. */
const REMEMBERED = 20_000;

export function createToldEvents(): ToldEvents {
  /** Of jobs the highest `seq` by job; events of workers have none and are kept by id. */
  const told = new Map<string, number>();
  const keyOf = ({ job_id, id }: EventBody) => job_id ?? id;
  return {
    add(event) {
      const key = keyOf(event);
      told.delete(key);
      told.set(key, event.seq);
      if (told.size > REMEMBERED) for (const oldest of told.keys()) return void told.delete(oldest);
    },
    has: (event) => !isPassingEvent(event) && event.seq <= (told.get(keyOf(event)) ?? -1),
  };
}
