/** Ten minutes for the slowest storage, and a four-hundredth of real time for the slowest encode. */
const FLOOR_MS = 600_000;
const PER_SECOND_MS = 400_000;

/** How long one attempt may run: what the request says, else derived from the seconds of media it works on. */
export function timeLimitMs(requestedSeconds: number, mediaSeconds: number): number {
  return requestedSeconds > 0 ? requestedSeconds * 1000 : Math.round(FLOOR_MS + PER_SECOND_MS * mediaSeconds);
}
