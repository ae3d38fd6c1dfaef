import { describe, expect, it } from 'vitest';
import { nextRate } from '../../../../services/worker/tasks/next-rate.ts';
import type { SegmentRate } from '../../../../shared/job/task.ts';

/** A hundred frames in ten seconds, which take `rate` bits a second. */
const made = (rate: number) => ({
  ticks: Array.from({ length: 100 }, (_, index) => index),
  timeBase: { num: 1, den: 10 },
  bytes: new Array<number>(100).fill(rate / 10 / 8),
});

const told = (changes: Partial<SegmentRate> = {}): SegmentRate => ({
  ...{ share: 1_000_000, mean: 1_000_000, limit: null, level: 40, first_pass: null, seconds: 10 },
  ...changes,
});

type Last = { readonly told: SegmentRate; readonly got: number | null };

const next = (
  rate: number,
  wanted = told(),
  last: Last = { told: wanted, got: null },
  asked: Parameters<typeof nextRate>[2] = null,
) => nextRate({ rate: last.told, times: made(rate), seconds: 10, before: last.got }, wanted, asked);
const first = (wanted: SegmentRate): Last => ({ told: wanted, got: null });

describe('a share', () => {
  it('is met within 1.5 %', () => {
    expect(next(1_014_000)).toBe(null);
    expect(next(986_000)).toBe(null);
  });

  it('is corrected by what came of it, also the second time', () => {
    expect(next(1_250_000)?.share).toBe(800_000);
    expect(next(1_111_000, told(), { told: told({ share: 800_000 }), got: 1_250_000 })?.share).toBe(720_000);
  });

  it('is left alone when the last correction was of no use', () => {
    expect(next(700_000, told(), { told: told({ share: 1_500_000 }), got: 690_000 })).toBe(null);
  });

  it('of an easy segment is judged by the mean of the file', () => {
    expect(next(20_000, told({ share: 10_000 }))).toBe(null);
    expect(next(30_000, told({ share: 10_000 }))?.share).toBe(3_000);
  });

  it('is never corrected above the limit', () => {
    const wanted = told({ limit: { maxrate: 1_050_000, bufsize: 500_000 } });
    expect(next(800_000, wanted, first(wanted), { maxrate: 9_000_000, bufsize: 9_000_000 })?.share).toBe(1_050_000);
  });
});

describe('a limit', () => {
  const asked = { maxrate: 1_000_000, bufsize: 1_000_000 };
  const wanted = told({ share: null, mean: null, limit: { maxrate: 900_000, bufsize: 500_000 } });

  it('is lowered by a tenth when a segment leaves too little', () => {
    expect(next(1_010_000, wanted, first(wanted), asked)?.limit).toEqual({ maxrate: 810_000, bufsize: 450_000 });
  });

  it('is left when it was kept', () => {
    expect(next(900_000, wanted, first(wanted), asked)).toBe(null);
  });
});
