import type { Broker } from '../../../shared/broker/broker.ts';
import type { Store } from '../../../shared/db/store.ts';
import { publishEvent } from '../../../shared/relay/publish-event.ts';
import { atMost } from '../../../shared/runtime/at-most.ts';
import { createBackground } from '../../../shared/runtime/background.ts';
import type { Stoppable } from '../../../shared/runtime/every.ts';
import type { Logger } from '../../../shared/runtime/logger.ts';
import type { EventBody } from '../../../shared/wire/events.ts';
import { startControl } from './start-control.ts';
import { startRelay } from './start-relay.ts';
import { startTokens } from './start-tokens.ts';

/** What this coordinator says through the broker. Nothing waits for it and nothing fails with it. */
export type BrokerSide = Stoppable & {
  /** Whether anybody could hear it. */
  isHeard(): boolean;
  /** See `Tokens`. */
  owe(queueClass: string): void;
  /** Tells the other coordinators, and whoever watches, of something that is not kept. */
  announce(event: EventBody): void;
};

type Dependencies = { readonly store: Store; readonly broker: Broker; readonly log: Logger };

/** What `stop` waits at the most for a broker that does not answer: others take over what is left. */
const LAST_WORDS_MS = 3000;

export function startBrokerSide(dependencies: Dependencies): BrokerSide {
  const { broker, log } = dependencies;
  // Tokens first: a worker waits for them.
  const parts = [startTokens(dependencies), startControl(dependencies), startRelay(dependencies)] as const;
  const [tokens] = parts;
  const background = createBackground((error) => log.debug({ err: error }, 'progress could not be published'));
  const isHeard = () => broker.state() === 'up';
  return {
    isHeard,
    owe: tokens.owe,
    announce(event) {
      if (isHeard()) background.run(publishEvent(broker, event));
    },
    async stop() {
      await atMost(Promise.all([...parts.map((part) => part.stop()), background.settle()]), LAST_WORDS_MS);
    },
  };
}
