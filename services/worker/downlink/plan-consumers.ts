/** What a worker wants to be given, and what its consumers are there for. */
type Situation = {
  /** The classes that it was told to consume, each with the free slots of its pool. */
  readonly free: ReadonlyMap<string, number>;
  /** Of each consumer that there is: how many more tokens it may be given. */
  readonly rooms: ReadonlyMap<string, number>;
};

/**
 * Which consumers end and which begin, so that the free slots of a pool, all of them, can be filled from any queue of
 * that pool, and a worker without a free slot holds nothing that another one could begin with:
 *
 *   free slots | class is given | consumer                  | what is done
 *   -----------+----------------+---------------------------+------------------------------------------------
 *   0          | yes or no      | none                      | nothing
 *   0          | yes or no      | there                     | cancel it; what raced goes back after that
 *   f > 0      | no             | there                     | cancel it
 *   f > 0      | yes            | none                      | consume, prefetch f
 *   f > 0      | yes            | room for f or more        | leave it
 *   f > 0      | yes            | room for less than f      | cancel it and consume anew, prefetch f
 *
 * The broker counts a consumer's prefetch against the unacknowledged tokens of that consumer alone. Its room is
 * therefore its prefetch less what it delivered and is still worked on; tokens of an ended consumer, or of another queue,
 * take none of it. So its room changes against the free slots only when a slot is filled or freed on account of another
 * consumer:
 *
 *   - filled: room > free. Left as it is: what comes beyond the slots goes straight back, and when the last slot fills,
 *     the consumer ends. To start all consumers anew with every token would cost more than that.
 *   - freed: room < free. Started anew, or a slot would stay empty beside a queue with tokens.
 *
 * Never prefetch 0: that means without bounds.
 */
export function planConsumers({ free, rooms }: Situation): { cancel: string[]; consume: string[] } {
  const wanted = new Map([...free].filter(([, slots]) => slots > 0));
  const fits = (name: string) => (rooms.get(name) ?? 0) >= (wanted.get(name) ?? Number.POSITIVE_INFINITY);
  return {
    cancel: [...rooms.keys()].filter((name) => !fits(name)),
    consume: [...wanted.keys()].filter((name) => !fits(name)),
  };
}
