import { open } from 'node:fs/promises';

/** Overwrites the last third of a file with bytes that look random and are the same each time. */
export async function overwriteLastThird(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const begin = Math.ceil((size * 2) / 3);
  await file.write(noise(size - begin), 0, undefined, begin);
  await file.close();
}

/** A linear congruential generator (the constants are those of Numerical Recipes). */
function noise(length: number): Uint8Array {
  let state = 1;
  return new Uint8Array(length).map(() => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}
