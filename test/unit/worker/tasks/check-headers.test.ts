import { expect, test } from 'vitest';
import { checkHeaders } from '../../../../services/worker/tasks/check-headers.ts';
import type { SegmentPart } from '../../../../shared/job/task.ts';

const part = (ordinal: number, header?: string): SegmentPart => ({
  ...{ ordinal, file: { path: `/s/${ordinal}`, size_bytes: 1 }, frames: 1, first_ticks: 0, last_ticks: 0, damage: [] },
  ...(header !== undefined && { header }),
});

test('segments of one header can be joined, and those of software, which never differ', () => {
  expect(() => checkHeaders([part(0, 'a'), part(1, 'a')])).not.toThrow();
  expect(() => checkHeaders([part(0), part(1)])).not.toThrow();
});

test('segments of devices that differ are made again in one process', () => {
  expect(() => checkHeaders([part(0, 'a'), part(1, 'a'), part(2, 'b')])).toThrow(
    expect.objectContaining({ code: 'join_mismatch', message: expect.stringContaining('segments 0 and 2') }),
  );
});
