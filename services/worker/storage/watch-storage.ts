import type { Logger } from '../../../shared/runtime/logger.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import type { Root } from '../../../shared/storage/root.ts';
import type { Timing } from '../timing.ts';
import type { checkStorage, StorageState } from './check-storage.ts';

/** How the storage of this worker is, looked at now and then. */
export type StorageWatch = {
  /** Whether every root is there, answers and, where it must, takes files. */
  isSound(): boolean;
  /** Aborted when the root has not answered for so long that what runs on it is better run elsewhere. */
  hung(variable: string): AbortSignal;
  /** Looks at all roots now. Resolves when a look that began after the call has ended, or has taken too long. */
  look(): Promise<void>;
  stop(): void;
};

type Watching = {
  readonly check: typeof checkStorage;
  readonly timing: Pick<Timing, 'storageCheckMs' | 'storageDeadlineMs' | 'storagePatienceMs'>;
  readonly log: Logger;
  /** `isSound` is not what it was. */
  onChange(): void;
};

const WORDS: Readonly<Record<StorageState, string>> = {
  fine: 'storage is there again',
  gone: 'storage is gone',
  unwritable: 'storage takes no files',
  hangs: 'storage does not answer',
};

/** Watches the roots, each with one look at a time: a mount that hangs holds one process, however long it hangs. */
export function watchStorage(roots: readonly Root[], watching: Watching): StorageWatch {
  const stopping = new AbortController();
  const watched = new Map(roots.map((root) => [root.variable, watchRoot(root, watching, stopping.signal, isSound)]));

  function isSound(): boolean {
    return [...watched.values()].every((root) => root.state() === 'fine');
  }

  return {
    isSound,
    hung: (variable) => watched.get(variable)?.hung() ?? NEVER,
    look: async () => void (await Promise.all([...watched.values()].map((root) => root.look()))),
    stop: () => stopping.abort(),
  };
}

const NEVER = new AbortController().signal;
/** As long as a timer can run: until the look has ended. */
const LONGEST_MS = 2 ** 31 - 1;

function watchRoot(
  root: Root,
  { check, timing, log, onChange }: Watching,
  stopping: AbortSignal,
  isSound: () => boolean,
) {
  let state: StorageState = 'fine';
  let hung = new AbortController();
  let patience: NodeJS.Timeout | undefined;
  let begun = 0;
  let idle = new AbortController();
  let asked: { readonly after: number; answer(): void }[] = [];

  function note(now: StorageState): void {
    if (now === state) return;
    const wasSound = isSound();
    state = now;
    clearTimeout(patience);
    if (now === 'hangs') patience = setTimeout(() => hung.abort(), timing.storagePatienceMs).unref();
    else if (hung.signal.aborted) hung = new AbortController();
    log[now === 'fine' ? 'info' : 'error']({ variable: root.variable, folder: root.folder }, WORDS[now]);
    if (isSound() !== wasSound) onChange();
  }

  function answer(): void {
    for (const { after, answer } of asked) if (after < begun) answer();
    asked = asked.filter(({ after }) => after >= begun);
  }

  async function watch(): Promise<void> {
    while (!stopping.aborted) {
      begun += 1;
      idle = new AbortController();
      const looking = check(root, { write: root.variable === 'scratch' });
      const done = new AbortController();
      const ended = looking.ended.finally(() => done.abort());
      const doneOrStopping = AbortSignal.any([done.signal, stopping]);
      const over = sleep(timing.storageDeadlineMs, doneOrStopping);
      const now = await Promise.race([ended, over.then(() => 'hangs' as const)]);
      if (now === 'hangs') looking.kill();
      if (stopping.aborted) return;
      note(now);
      answer();
      if (now === 'hangs') await sleep(LONGEST_MS, doneOrStopping);
      await sleep(timing.storageCheckMs, AbortSignal.any([idle.signal, stopping]));
    }
  }

  async function look(): Promise<void> {
    if (stopping.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    asked.push({ after: begun, answer: resolve });
    idle.abort();
    await promise;
  }

  void watch().finally(() => {
    clearTimeout(patience);
    for (const { answer } of asked) answer();
  });
  return { state: () => state, hung: () => hung.signal, look };
}
