import type { JobId } from '../../../shared/job/ids.ts';
import type { EventBody } from '../../../shared/wire/events.ts';

/**
 * Puts the events of each job into their order: the next one is told, one that was told is dropped, and where some are
 * missing they are read from the database first.
 */
export type Sequencer = {
  /** All up to this `seq` are known to those who listen. */
  begin(jobId: JobId, seq: number): void;
  /** An event of the job came. */
  accept(event: EventBody, jobId: JobId): void;
  /** The job is known to have an event with this `seq`. */
  hear(jobId: JobId, seq: number): void;
  /** Reads again what could not be read, and forgets jobs of which nothing was heard for a while. */
  tidy(): void;
};

type Surroundings = {
  tell(event: EventBody): void;
  /** The job's events above a `seq` and a position, in order, at most some hundred; an empty list: that is all. */
  read(jobId: JobId, after: { seq: number; position: number }): Promise<EventBody[]>;
  /** The position up to which all that is in the log was told or heard of. */
  settled(): number;
  onError(error: unknown): void;
  now?(): number;
};

/** `told` null: a job of which nothing was heard lately; what stands after `since` in the log is news. */
type Place = { told: number | null; heard: number; readonly since: number; reading: boolean; activeAt: number };

/** Longer than any lag of the log: what is heard of a job that was forgotten is news and nothing else. */
const FORGET_MS = 60_000;

export function createSequencer({
  tell,
  read,
  settled,
  onError,
  now = () => performance.now(),
}: Surroundings): Sequencer {
  const places = new Map<JobId, Place>();

  function placeOf(jobId: JobId): Place {
    const place = places.get(jobId) ?? { told: null, heard: 0, since: settled(), reading: false, activeAt: 0 };
    places.set(jobId, place);
    place.activeAt = now();
    return place;
  }

  const lacks = (place: Place) => place.told === null || place.told < place.heard;

  async function readOn(jobId: JobId, place: Place): Promise<void> {
    while (places.get(jobId) === place && lacks(place)) {
      const wanted = place.heard;
      const events = await read(jobId, { seq: place.told ?? 0, position: place.told === null ? place.since : 0 });
      for (const event of events) tell(event);
      // What is not there was forgotten with its job.
      place.told = events.at(-1)?.seq ?? Math.max(place.told ?? 0, wanted);
    }
  }

  function catchUp(jobId: JobId, place: Place): void {
    if (place.reading || !lacks(place)) return;
    place.reading = true;
    readOn(jobId, place)
      .catch(onError)
      .finally(() => {
        place.reading = false;
      });
  }

  return {
    begin(jobId, seq) {
      const place = placeOf(jobId);
      place.told = Math.max(place.told ?? 0, seq);
    },
    accept(event, jobId) {
      const place = placeOf(jobId);
      if (event.seq === 1) place.told ??= 0;
      if (event.seq === (place.told ?? -1) + 1 && !place.reading) {
        place.told = event.seq;
        tell(event);
      }
      place.heard = Math.max(place.heard, event.seq);
      catchUp(jobId, place);
    },
    hear(jobId, seq) {
      const place = placeOf(jobId);
      place.heard = Math.max(place.heard, seq);
      catchUp(jobId, place);
    },
    tidy() {
      for (const [jobId, place] of places) {
        catchUp(jobId, place);
        if (!place.reading && now() - place.activeAt > FORGET_MS) places.delete(jobId);
      }
    },
  };
}
