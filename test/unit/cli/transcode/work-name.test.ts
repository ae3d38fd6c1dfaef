import { expect, test } from 'vitest';
import { jobRequest } from '../../../../services/cli/job-request.ts';
import { workName } from '../../../../services/cli/transcode/work-name.ts';

test('the same files and options have the same name from whatever folder they are typed', () => {
  const one = workName(jobRequest('/videos', ['in.mkv', 'out.mp4'], { crf: '20', overwrite: true }));
  const other = workName(jobRequest('/', ['videos/in.mkv', '/videos/out.mp4'], { overwrite: true, crf: '20' }));
  expect(other).toBe(one);
  expect(one).toMatch(/^[0-9a-f]{16}$/);
});

test('another option is another piece of work', () => {
  const names = [{}, { crf: '20' }, { crf: '21' }, { verify: 'full' }].map((options) =>
    workName(jobRequest('/', ['in', 'out'], options)),
  );
  expect(new Set(names).size).toBe(4);
});
