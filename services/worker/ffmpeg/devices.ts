/** Which of several devices of a kind this worker uses: a machine with two runs a worker for each. */
export type Devices = {
  /** NVIDIA's number of the GPU; null: the first that can. */
  readonly nvidia: number | null;
  /** The render node of VAAPI and Quick Sync. */
  readonly render: string;
};

/** What a machine with one GPU has. */
export const ONLY_DEVICES: Devices = { nvidia: null, render: '/dev/dri/renderD128' };
