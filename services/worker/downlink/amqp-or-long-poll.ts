import type { Logger } from '../../../shared/runtime/logger.ts';
import { createClaimingSwitch } from '../claiming-switch.ts';
import type { Downlink } from './downlink.ts';

type Choices = {
  startAmqp(onReach: (reached: boolean) => void): Downlink;
  startLongPoll(): Downlink;
  /** How long the broker may be away before claims go without it: longer than a node's restart behind a proxy takes. */
  readonly patienceMs: number;
  readonly log: Logger;
};

/**
 * A farm does not stop for its brokers: while this worker reaches none, it claims by long-poll; when one is back, it
 * waits for tokens again. AMQP stays started throughout; both draw on the same slots, so it does no harm that for a
 * moment both claim.
 */
export function startAmqpOrLongPoll({ startAmqp, startLongPoll, patienceMs, log }: Choices): Downlink {
  const poll = createClaimingSwitch(startLongPoll);
  let timer: NodeJS.Timeout | undefined;
  let polling = false;
  let stopped = false;

  function goOnWithout(): void {
    polling = true;
    log.warn('no broker: claiming by long-poll');
    void poll(true);
  }

  function goBack(): void {
    if (polling) log.info('broker is back: waiting for tokens');
    polling = false;
    void poll(false);
  }

  function onReach(reached: boolean): void {
    clearTimeout(timer);
    if (stopped) return;
    if (reached) goBack();
    else timer = setTimeout(goOnWithout, patienceMs);
  }

  onReach(false);
  const amqp = startAmqp(onReach);
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await Promise.all([amqp.stop(), poll(false)]);
    },
  };
}
