import type { Downlink } from './downlink/downlink.ts';

/** Whether tasks are claimed. Switching waits for the switch before, so that there is never more than one downlink. */
export function createClaimingSwitch(start: () => Downlink): (on: boolean) => Promise<void> {
  let downlink: Downlink | undefined;
  let switched: Promise<void> = Promise.resolve();

  async function change(on: boolean): Promise<void> {
    if (on) downlink ??= start();
    else {
      await downlink?.stop();
      downlink = undefined;
    }
  }

  return (on) => {
    switched = switched.then(() => change(on));
    return switched;
  };
}
