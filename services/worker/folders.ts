import { removeIfEmpty } from '../../shared/storage/remove-if-there.ts';

/**
 * The folders that attempts of this worker write into. An empty one is removed when its last user leaves, and whoever
 * enters waits for a removal under way: otherwise an attempt could find its folder gone between making it and opening
 * its first file there.
 */
export type Folders = {
  enter(path: string): Promise<void>;
  leave(path: string): Promise<void>;
  /** Removes the folder if it is empty and nobody uses it. Returns whether it is gone. */
  tidy(path: string): Promise<boolean>;
};

export function createFolders(): Folders {
  const users = new Map<string, number>();
  const removals = new Map<string, Promise<boolean>>();

  async function tidy(path: string): Promise<boolean> {
    if (users.has(path)) return false;
    const removal = removals.get(path) ?? removeIfEmpty(path).finally(() => removals.delete(path));
    removals.set(path, removal);
    return removal;
  }

  return {
    async enter(path) {
      users.set(path, (users.get(path) ?? 0) + 1);
      await removals.get(path)?.catch(() => false);
    },
    async leave(path) {
      const left = (users.get(path) ?? 1) - 1;
      if (left > 0) users.set(path, left);
      else users.delete(path);
      await tidy(path);
    },
    tidy,
  };
}
