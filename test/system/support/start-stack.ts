import { theStack } from './running-stack.ts';

/** Starts the stack once for all system tests, and removes it whatever came of them. */
export async function setup(): Promise<() => Promise<void>> {
  const stack = theStack();
  await stack.remove();
  await stack.up({ workers: 3 });
  return () => stack.remove();
}
