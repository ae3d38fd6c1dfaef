import type { JobRequestInput } from '../../shared/wire/jobs.ts';
import type { Stack } from '../system/support/stack.ts';
import { prepareWorkload, type Workload } from '../system/support/workload.ts';

/** What the soak has the farm do: small, so that many fit into ten minutes, and lossless, so that each can be compared. */
export type JobKind = {
  readonly name: 'long' | 'split' | 'whole';
  readonly workload: Workload;
  readonly encode: Encode;
};
type Encode = Partial<JobRequestInput>;

/** A job that was taken, and what its output has to be. */
export type SoakJob = { readonly id: string; readonly kind: JobKind };

const SIZE = '160x90';
/** Takes its workers some seconds: a worker that is struck shall hold something. */
const LONG_SIZE = '480x270';
const LOSSLESS: Encode = { profile: 'lossless', preset: 'ultrafast' };

/** Puts the clips where the workers see them. */
export async function prepareJobKinds(stack: Stack) {
  const [long, middle, short] = [
    await prepareWorkload(stack, { seconds: 20, size: LONG_SIZE }),
    await prepareWorkload(stack, { seconds: 4, size: SIZE }),
    await prepareWorkload(stack, { seconds: 2, size: SIZE }),
  ];
  return {
    long: { name: 'long', workload: long, encode: { ...LOSSLESS, segment: { mode: 'fixed', seconds: 10 } } },
    split: { name: 'split', workload: middle, encode: { ...LOSSLESS, segment: { mode: 'fixed', seconds: 2 } } },
    whole: { name: 'whole', workload: short, encode: { ...LOSSLESS, segment: { mode: 'off' } } },
  } as const satisfies Record<JobKind['name'], JobKind>;
}

/** The request of a job; the output is a name that no other has. */
export function requestOf({ name, workload, encode }: JobKind, which: string): JobRequestInput {
  return {
    ...encode,
    input: `\${media}/${workload.clip}`,
    output: `\${media}/${name}-${which}-${Date.now()}.mkv`,
  };
}
