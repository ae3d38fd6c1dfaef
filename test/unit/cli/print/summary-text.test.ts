import { expect, test } from 'vitest';
import { endText, summaryText } from '../../../../services/cli/print/summary-text.ts';
import { failure } from '../../../../shared/errors.ts';
import { jobView } from '../../../support/job-views.ts';

const verification = {
  level: 'fast',
  frames: 1800,
  duration_seconds: 60,
  streams: 2,
  checks: ['frames 1800 of 1800', '5 seams continuous'],
  ssim: null,
  damage: [],
};
const result = { output: '/videos/out\n.mp4', size_bytes: 500_000, attempt_id: '', verification };

test('the summary says how long it took, in how many segments, what was checked and where the file is', () => {
  const job = jobView({ state: 'completed', result, stats: { segments: 6 } });
  expect(summaryText(job, 24)).toBe(
    `completed
  took      24.0 s for 60.0 s of media: 2.50 x real time
  segments  6 segments
  sizes     1.00 MB -> 500 kB (50 %)
  verified  frames 1800 of 1800; 5 seams continuous (fast)
  file      /videos/out\\n.mp4`,
  );
});

test('the summary says why a file was not split', () => {
  const job = jobView({ state: 'completed', result, stats: { unsplit_reason: 'too short' } });
  expect(summaryText(job, 1)).toContain('segments  not split: too short');
});

test('a failure is told with its code and whose fault it was', () => {
  const job = jobView({ state: 'failed', error: failure('input_empty', '/a is empty') });
  expect(endText(job)).toBe('job 3 failed: /a is empty (input_empty, fault: input)');
  expect(endText(jobView({ state: 'canceled' }))).toBe('job 3 is canceled');
});
