import { atMost } from '../../shared/runtime/at-most.ts';
import type { InFlight } from '../../shared/runtime/in-flight.ts';
import type { RegisteredInstance } from './register-instance.ts';
import type { Coordinator } from './uplink/coordinator.ts';

type Leaving = Pick<RegisteredInstance, 'instanceId' | 'registration'> & {
  readonly coordinator: Pick<Coordinator, 'heartbeat'>;
};

/**
 * The last heartbeat of a worker that ends: it is shown as offline at once instead of when it has been silent for long
 * enough, and its name is free for another life. Only when the heartbeats under way have ended, for one that overtook
 * this would take it back. One try: silence says the same a little later.
 */
export async function sayFarewell(leaving: Leaving, beats: InFlight, patienceMs: number): Promise<void> {
  const { coordinator, registration, instanceId } = leaving;
  await atMost(beats.settled(), patienceMs);
  await coordinator
    .heartbeat(registration.workerId, { instance_id: instanceId, status: 'offline', load: 0, tasks: [] })
    .catch(() => undefined);
}
