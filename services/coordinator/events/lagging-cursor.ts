/** For how long a number that was drawn may stay unseen: a transaction takes at most 10 s, its COMMIT as long again. */
export const COMMIT_LAG_MS = 20_000;

/**
 * A place in a log whose rows appear later than their numbers were drawn, so that "all above the last" would lose some
 * (where transactions run side by side). Each look begins at `from()`, which stays behind until a look that began a
 * whole lag later has seen everything up to there; what it brings again is for the reader to drop.
 */
export type LaggingCursor = {
  from(): number;
  /** A look that began at this moment (milliseconds, as `now` counts them) has seen all that is there, up to `last`. */
  reached(last: number, begunAt: number): void;
};

type Beginning = { readonly start: number; readonly lagMs: number; now?(): number };

/** With `lagMs` 0, for logs whose rows appear in order, it never lags. */
export function createLaggingCursor({ start, lagMs, now = () => performance.now() }: Beginning): LaggingCursor {
  let settled = start;
  let marks: { readonly at: number; readonly last: number }[] = [];
  return {
    from: () => settled,
    reached(last, begunAt) {
      if (lagMs === 0) {
        settled = Math.max(settled, last);
        return;
      }
      for (const mark of marks) if (mark.at + lagMs <= begunAt) settled = Math.max(settled, mark.last);
      marks = marks.filter((mark) => mark.at + lagMs > begunAt);
      marks.push({ at: now(), last });
    },
  };
}
