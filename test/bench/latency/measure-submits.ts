import type { BareInsert } from './bare-insert.ts';
import { type Figure, perSecond } from './figures.ts';
import type { HttpApi } from './http-api.ts';
import { submitBatch, submitJob } from './jobs.ts';

const CLIENTS = [1, 16, 64] as const;
const BATCH = 100;
const TARGET = { clients: 16, ratio: 0.5 } as const;

type Needs = { readonly api: HttpApi; readonly insert: BareInsert; readonly seconds: number };

/** Submits a second by so many clients, next to bare INSERTs of as many. The jobs wait for ever: only the intake is measured. */
export async function measureSubmits({ api, insert, seconds }: Needs): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const clients of CLIENTS) {
    const bare = await rate(clients, seconds, (client) => insert.insert(client));
    const single = await rate(clients, seconds, () => submitJob(api, 'nowhere'));
    const batch = BATCH * (await rate(clients, seconds, () => submitBatch(api, BATCH, 'nowhere')));
    const plain = `${perSecond(bare)} INSERTs`;
    const ratio = single / bare;
    figures.push({
      ...{ what: `submits, ${clients} clients`, value: perSecond(single), plain, ratio },
      ...(clients === TARGET.clients && { target: { text: `≥ ${TARGET.ratio} ×`, met: ratio >= TARGET.ratio } }),
    });
    figures.push({
      ...{
        what: `jobs in batches of ${BATCH}, ${clients} clients`,
        value: perSecond(batch),
        plain,
        ratio: batch / bare,
      },
    });
  }
  return figures;
}

/** How often a second the action is done by so many clients, each one after the other. */
async function rate(clients: number, seconds: number, action: (client: number) => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  const until = begun + seconds * 1000;
  let done = 0;
  const loop = async (client: number) => {
    while (performance.now() < until) {
      await action(client);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => loop(client)));
  return done / ((performance.now() - begun) / 1000);
}
