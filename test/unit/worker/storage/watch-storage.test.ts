import { expect, onTestFinished, test, vi } from 'vitest';
import type { StorageCheck } from '../../../../services/worker/storage/check-storage.ts';
import { watchStorage } from '../../../../services/worker/storage/watch-storage.ts';
import { createLogger } from '../../../../shared/runtime/logger.ts';
import { eventually } from '../../../support/eventually.ts';

type Answer = Awaited<StorageCheck['ended']>;

/** Storage whose looks the test answers one by one, or all alike from when `usual` is set. */
function playedStorage(timing: Partial<Parameters<typeof watchStorage>[1]['timing']> = {}) {
  const looks: { answer(state: Answer): void; killed: boolean }[] = [];
  const onChange = vi.fn<() => void>();
  const usual: { state?: Answer } = {};
  const watch = watchStorage([{ variable: 'media', folder: '/media', mounted: true }], {
    check() {
      const { promise, resolve } = Promise.withResolvers<Answer>();
      const look = { answer: resolve, killed: false };
      looks.push(look);
      if (usual.state !== undefined) resolve(usual.state);
      const kill = () => {
        look.killed = true;
      };
      return { ended: promise, kill };
    },
    timing: { storageCheckMs: 1, storageDeadlineMs: 10_000, storagePatienceMs: 10_000, ...timing },
    log: createLogger({ level: 'silent', name: 'test' }),
    onChange,
  });
  onTestFinished(() => watch.stop());
  const look = (number: number) =>
    eventually(() => {
      expect(looks).toHaveLength(number);
      return looks[number - 1] as (typeof looks)[number];
    });
  return { watch, looks, look, onChange, usual };
}

test('storage that is gone is not sound until it is back', async () => {
  const { watch, look, onChange } = playedStorage();
  expect(watch.isSound()).toBe(true);
  (await look(1)).answer('gone');
  const second = await look(2);
  expect(watch.isSound()).toBe(false);
  second.answer('unwritable');
  (await look(3)).answer('fine');
  await look(4);
  expect(watch.isSound()).toBe(true);
  expect(onChange).toHaveBeenCalledTimes(2);
});

test('a look that hangs is killed and waited for: there is never a second one beside it', async () => {
  const { watch, looks, look, onChange } = playedStorage({ storageDeadlineMs: 5 });
  const first = await look(1);
  await eventually(() => expect(watch.isSound()).toBe(false));
  expect(first.killed).toBe(true);
  expect(onChange).toHaveBeenCalledOnce();
  expect(looks).toHaveLength(1);
  first.answer('fine'); // the end of the process that was killed says nothing about the storage
  await look(2);
  expect(watch.isSound()).toBe(false);
});

test('storage that hangs for long ends what runs on it, and once it is back no more', async () => {
  const { watch, look, usual } = playedStorage({ storageDeadlineMs: 5, storagePatienceMs: 20 });
  const hung = watch.hung('media');
  const first = await look(1);
  await eventually(() => expect(hung.aborted).toBe(true));
  expect(watch.hung('other').aborted).toBe(false);
  usual.state = 'fine';
  first.answer('fine');
  await eventually(() => expect(watch.isSound()).toBe(true));
  expect(watch.hung('media').aborted).toBe(false);
});

test('storage that is merely gone ends nothing: FFmpeg finds out by itself', async () => {
  const { watch, look } = playedStorage({ storagePatienceMs: 1 });
  (await look(1)).answer('gone');
  (await look(2)).answer('gone');
  await look(3);
  expect(watch.hung('media').aborted).toBe(false);
});
