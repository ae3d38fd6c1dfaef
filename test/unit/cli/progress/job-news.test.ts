import { describe, expect, test } from 'vitest';
import { changesBetween, troublesBetween } from '../../../../services/cli/progress/job-news.ts';
import { failure } from '../../../../shared/errors.ts';
import { attemptView, jobView, taskView } from '../../../support/job-views.ts';

const killed = attemptView({ outcome: 'retry', error: failure('ffmpeg_killed', 'FFmpeg was killed') });

describe('troublesBetween', () => {
  const before = { job: jobView(), tasks: [taskView({ attempts: [attemptView()] })] };

  test('tells of a try that failed since, and that it is tried again', () => {
    const after = { job: jobView(), tasks: [taskView({ state: 'pending', attempts: [killed] })] };
    expect(troublesBetween(before, after)).toEqual([
      'segment 1, attempt 1: FFmpeg was killed (ffmpeg_killed); it is tried again',
    ]);
    expect(troublesBetween(after, after)).toEqual([]);
  });

  test('does not promise another try when the task has failed', () => {
    const after = { job: jobView({ state: 'failed' }), tasks: [taskView({ state: 'failed', attempts: [killed] })] };
    expect(troublesBetween(before, after)).toEqual(['segment 1, attempt 1: FFmpeg was killed (ffmpeg_killed)']);
  });

  test('is silent about what happened before the first look', () => {
    expect(troublesBetween(undefined, { job: jobView(), tasks: [taskView({ attempts: [killed] })] })).toEqual([]);
  });
});

describe('changesBetween', () => {
  test('tells state, plan and finished tasks, each once', () => {
    const first = { job: jobView({ state: 'assigned' }), tasks: [taskView({ kind: 'probe' })] };
    const second = {
      job: jobView({ stats: { segments: 2 } }),
      tasks: [taskView({ kind: 'probe', state: 'completed' })],
    };
    expect(changesBetween(undefined, first)).toEqual(['job 3 is assigned']);
    expect(changesBetween(first, second)).toEqual(['probe is done', 'cut into 2 segments', 'job 3 is running']);
    expect(changesBetween(second, second)).toEqual([]);
  });

  test('says why a file is not split', () => {
    const job = jobView({ stats: { unsplit_reason: 'it is shorter than two segments' } });
    expect(changesBetween({ job: jobView(), tasks: [] }, { job, tasks: [] })).toEqual([
      'not split: it is shorter than two segments',
    ]);
  });
});
