import { randomUUID } from 'node:crypto';

declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** Ids are UUIDv7 (RFC 9562 §5.7): they sort by the moment they were made, to the millisecond. */
export type JobId = Id<'job'>;
export type TaskId = Id<'task'>;
/**
 * One try at a task. The worker makes it when it claims (`claim_id`); from then on it is the attempt's id, the token
 * that guards every write, and a part of the name of every file the attempt makes.
 */
export type AttemptId = Id<'attempt'>;
export type WorkerId = Id<'worker'>;
/** One life of a worker process; a restart makes a new one. */
export type InstanceId = Id<'instance'>;

/** A fresh UUIDv7 of the kind that the caller names. `now` in milliseconds since the epoch. */
export function newId<Kind extends Id<string>>(now: number = Date.now()): Kind {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const random = randomUUID(); // supplies 122 random bits in the right shape; time and version are put over them
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}` as Kind;
}
