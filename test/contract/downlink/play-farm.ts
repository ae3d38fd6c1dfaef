import { once } from 'node:events';
import type { DownlinkNeeds } from '../../../services/worker/downlink/downlink.ts';
import type { Slot } from '../../../services/worker/slots.ts';
import type { ClaimAnswer, Claimed } from '../../../services/worker/uplink/coordinator.ts';
import { newId, type TaskId } from '../../../shared/job/ids.ts';

type Claim = Parameters<DownlinkNeeds['claim']>[0];
export type Offered = { readonly task: Claimed; readonly slot: Slot };

/** A coordinator that has tasks, and workers that claim them: what any downlink stands between. */
export function playFarm() {
  const tasks: TaskId[] = [];
  const claims: Claim[] = [];
  const givenBack: string[] = [];
  let came = Promise.withResolvers<void>();
  /** How the next claims are answered, if not by the tasks there are. */
  let answer: ((claim: Claim, signal: AbortSignal) => Promise<ClaimAnswer>) | undefined;

  async function usual({ wait_seconds = 0 }: Claim, signal: AbortSignal): Promise<ClaimAnswer> {
    for (;;) {
      const task = tasks.shift();
      if (task !== undefined) return { task: { task_id: task } as Claimed };
      if (wait_seconds === 0) return { task: null };
      came = Promise.withResolvers();
      await Promise.race([came.promise, once(signal, 'abort')]);
      signal.throwIfAborted();
    }
  }

  return {
    tasks,
    claims,
    givenBack,
    add(): TaskId {
      const id = newId<TaskId>();
      tasks.push(id);
      came.resolve();
      return id;
    },
    answerWith(otherwise: typeof answer) {
      answer = otherwise;
    },
    /** What a worker's downlink is given, but for its slots; `offered` is what it took. */
    worker(): { offered: Offered[]; needs: Omit<DownlinkNeeds, 'pools'> } {
      const offered: Offered[] = [];
      return {
        offered,
        needs: {
          async claim(claim, signal) {
            claims.push(claim);
            return await (answer ?? usual)(claim, signal);
          },
          offer: (task, slot) => void offered.push({ task, slot }),
          giveBack: async (claim) => void givenBack.push(claim),
        },
      };
    },
  };
}

/** An answer that never comes. */
export async function neverAnswered(_: Claim, signal: AbortSignal): Promise<ClaimAnswer> {
  await once(signal, 'abort');
  throw signal.reason;
}
