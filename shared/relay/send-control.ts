import type { Broker } from '../broker/broker.ts';
import { EXCHANGES } from '../broker/topology.ts';
import type { WorkerId } from '../job/ids.ts';
import type { ControlMessage } from '../wire/control.ts';

/** To all workers at once, those too that are not known here. */
export const ALL_WORKERS = 'all';

/**
 * Tells a worker to send its heartbeat now, and why. One that does not listen learns it from its next one.
 *
 * @throws AppError `broker_unavailable`.
 */
export async function sendControl(
  broker: Broker,
  to: WorkerId | typeof ALL_WORKERS,
  message: ControlMessage,
): Promise<void> {
  await broker.publish({
    exchange: EXCHANGES.control.name,
    routingKey: to === ALL_WORKERS ? 'workers' : `worker.${to}`,
    body: message,
    // Told late it says nothing that the heartbeats since have not.
    persistent: false,
    mandatory: false,
  });
}
