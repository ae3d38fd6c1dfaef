import type { JobView, TaskView } from '../../shared/wire/jobs.ts';

/** A running job as the API shows it, for tests of what is shown of it. */
export function jobView(
  changes: Omit<Partial<JobView>, 'stats'> & { stats?: Partial<JobView['stats']> } = {},
): JobView {
  const { stats, ...others } = changes;
  return {
    id: '01900000-0000-7000-8000-000000000001',
    number: 3,
    kind: 'transcode',
    state: 'running',
    stage: 'encode',
    progress: 0.5,
    priority: 50,
    labels: [],
    input: '/videos/in.mkv',
    output: '/videos/out.mp4',
    profile: 'h264',
    total_tasks: 0,
    completed_tasks: 0,
    created_at: '2026-01-02T03:04:05.000Z',
    started_at: '2026-01-02T03:04:06.000Z',
    finished_at: null,
    eta_seconds: 30,
    error: null,
    result: null,
    ...others,
    stats: {
      segments: 0,
      unsplit_reason: null,
      fps: 60,
      speed: 2,
      input_bytes: 1_000_000,
      output_bytes: null,
      media_seconds: 60,
      attempts: 1,
      ...stats,
    },
  };
}

/** A running segment. */
export function taskView(changes: Partial<TaskView> = {}): TaskView {
  const ordinal = changes.ordinal ?? 0;
  return {
    id: `01900000-0000-7000-8000-00000000010${ordinal}`,
    job_id: '01900000-0000-7000-8000-000000000001',
    kind: 'segment',
    ordinal,
    state: 'running',
    class: 'libx264',
    progress: 0.5,
    fps: 30,
    speed: 1,
    expected_seconds: 20,
    not_before: null,
    failures: 0,
    interruptions: 0,
    error: null,
    result: null,
    attempts: [],
    ...changes,
  };
}

/** One try at a task, under way. */
export function attemptView(changes: Partial<TaskView['attempts'][number]> = {}): TaskView['attempts'][number] {
  return {
    id: '01900000-0000-7000-8000-000000000201',
    number: 1,
    worker_id: '01900000-0000-7000-8000-000000000301',
    worker_name: 'host',
    settles: null,
    started_at: '2026-01-02T03:04:06.000Z',
    ended_at: null,
    outcome: null,
    error: null,
    command: null,
    metrics: null,
    ...changes,
  };
}
