import { createInFlight } from './in-flight.ts';

/** Work that nobody waits for and whose failure hurts nobody, until the service ends. */
export type Background = {
  run(work: Promise<unknown>): void;
  /** Resolves when all that was begun has ended. */
  settle(): Promise<void>;
};

export function createBackground(onError: (error: unknown) => void): Background {
  const { add, settled } = createInFlight();
  return {
    run: (work) => void add(work.catch(onError)),
    settle: settled,
  };
}
