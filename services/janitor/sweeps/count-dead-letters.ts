import type { BrokerContext, Sweep } from '../sweep.ts';

/** Says how many messages lie in `ffmill.dead` when that has changed. Repairs nothing: people have to look at them. */
export function createDeadLetterCount({ broker, log }: Pick<BrokerContext, 'broker' | 'log'>): Sweep {
  let known = 0;
  return async () => {
    if (broker.state() !== 'up') return 0;
    const messages = await broker.countDead();
    if (messages !== known) log.warn({ messages }, 'the number of dead letters has changed');
    known = messages;
    return 0;
  };
}
