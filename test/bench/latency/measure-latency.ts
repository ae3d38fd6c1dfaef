import type { BareInsert } from './bare-insert.ts';
import type { BarePublish } from './bare-publish.ts';
import { type Figure, ms } from './figures.ts';
import type { HttpApi } from './http-api.ts';
import { completed, submitJob } from './jobs.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import type { RunningEvents } from './running-events.ts';

type Needs = {
  readonly api: HttpApi;
  readonly events: RunningEvents;
  readonly publish: BarePublish;
  readonly insert: BareInsert;
};

const TARGET_RATIO = 3;

/** Submit → running with an idle worker, one job after the other, in turns with the two plain steps it cannot do without. */
export async function measureLatency(needs: Needs, rounds: number): Promise<Figure[]> {
  const samples = { answered: [], running: [], heard: [], publish: [], insert: [] } as Record<string, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    const { answeredMs, runningMs, heardMs } = await submitToRunning(needs);
    samples.answered?.push(answeredMs);
    samples.running?.push(runningMs);
    samples.heard?.push(heardMs);
    samples.publish?.push(await needs.publish.roundTrip());
    samples.insert?.push(await needs.insert.insert());
  }
  const of = (name: string) => percentilesOf(samples[name] ?? []);
  const [publish, insert] = [of('publish'), of('insert')];
  const floor = publish.p50 + insert.p50;
  const ratio = of('running').p50 / floor;
  return [
    { what: 'bare publish → consume, quorum queue', value: '', plain: text(publish) },
    { what: 'bare committed INSERT', value: '', plain: text(insert) },
    {
      what: 'submit → answer',
      value: text(of('answered')),
      plain: ms(insert.p50),
      ratio: of('answered').p50 / insert.p50,
    },
    {
      ...{ what: 'submit → running', value: text(of('running')), plain: `${ms(floor)} (the sum of the two)`, ratio },
      target: { text: `p50 ≤ ${TARGET_RATIO} ×`, met: ratio <= TARGET_RATIO },
    },
    {
      what: 'submit → running heard as an event',
      value: text(of('heard')),
      plain: ms(floor),
      ratio: of('heard').p50 / floor,
    },
  ];
}

/** Waits until the job is over: the next one meets an idle worker. */
export async function submitToRunning({ api, events }: Pick<Needs, 'api' | 'events'>) {
  const begun = performance.timeOrigin + performance.now();
  const { id } = await submitJob(api, 'media');
  const answeredMs = performance.timeOrigin + performance.now() - begun;
  const heardMs = (await events.heardAt(id)) - begun;
  const { started_at } = await completed(api, id);
  // The database cuts to whole milliseconds: on average it is half of one later.
  return { answeredMs, heardMs, runningMs: Date.parse(started_at ?? '') + 0.5 - begun };
}

function text({ p50, p95 }: Percentiles): string {
  return `p50 ${ms(p50)}  p95 ${ms(p95)}`;
}
