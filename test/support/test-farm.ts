import { findJob } from '../../shared/db/queries/find-job.ts';
import { listTasks } from '../../shared/db/queries/list-tasks.ts';
import type { JobRow, TaskRow } from '../../shared/db/rows.ts';
import { DEFAULT_RULES, type Rules } from '../../shared/db/rules.ts';
import type { Store } from '../../shared/db/store.ts';
import { claimTask } from '../../shared/db/transactions/claim-task.ts';
import { commitAttempt } from '../../shared/db/transactions/commit-attempt.ts';
import { registerWorker } from '../../shared/db/transactions/register-worker.ts';
import { renewLeases } from '../../shared/db/transactions/renew-leases.ts';
import { reportAttempt } from '../../shared/db/transactions/report-attempt.ts';
import { submitJobs } from '../../shared/db/transactions/submit-jobs.ts';
import { touchCoordinator } from '../../shared/db/transactions/touch-coordinator.ts';
import { type ErrorCode, failure } from '../../shared/errors.ts';
import { type AttemptId, type InstanceId, type JobId, newId, type WorkerId } from '../../shared/job/ids.ts';
import type { JobRequest } from '../../shared/job/job.ts';
import { poolOf } from '../../shared/job/pools.ts';
import { findProfile } from '../../shared/job/profile.ts';
import type { ProbeSpec, TaskKind } from '../../shared/job/task.ts';
import type { ProbeResult } from '../../shared/job/task-result.ts';
import {
  type ClaimedTask,
  type CommitBody,
  type ReportBody,
  registerBody,
  reportBody,
} from '../../shared/wire/workers.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { openTestStore } from './open-test-store.ts';

/** A worker of a test: the name it goes by and the rights it has. */
export type TestWorker = { readonly name: string; readonly id: WorkerId; readonly instance: InstanceId };

type FarmOptions = { readonly clock?: FakeClock; readonly open?: (clock: FakeClock) => Promise<Store> };

/**
 * A store with the verbs of a farm, for tests that play the parts of clients, workers and the clock by hand. Opens
 * nothing but the database, so that every interleaving can be written down as a sequence of calls.
 */
export class TestFarm {
  readonly store: Store;
  readonly clock: FakeClock;
  readonly rules: Rules;

  constructor(store: Store, clock: FakeClock, rules: Rules) {
    this.store = store;
    this.clock = clock;
    this.rules = rules;
  }

  /** Unless told otherwise it has a clock and a store of its own. */
  static async open(
    rules: Partial<Rules> = {},
    { clock = createFakeClock(), open = openTestStore }: FarmOptions = {},
  ): Promise<TestFarm> {
    const farm = new TestFarm(await open(clock), clock, { ...DEFAULT_RULES, ...rules });
    await farm.coordinatorsUpFor(0);
    return farm;
  }

  close(): Promise<void> {
    return this.store.close();
  }

  async worker(
    name: string,
    encoders: readonly string[] = ['libx264', 'aac'],
    former: TestWorker | null = null,
    paths?: readonly string[],
  ): Promise<TestWorker> {
    const instance = newId<InstanceId>();
    const id = await this.registers({ name, instance }, encoders, { former, ...(paths && { paths }) });
    return { name, id, instance };
  }

  /** Says, for the first time or again, what a worker has: two slots of each pool in which it has an encoder. */
  async registers(
    { name, instance }: Pick<TestWorker, 'name' | 'instance'>,
    encoders: readonly string[],
    {
      former = null,
      ...change
    }: {
      former?: TestWorker | null;
      paths?: readonly string[];
      proving?: boolean | 'software';
      resting?: string[];
    } = {},
  ): Promise<WorkerId> {
    const body = registerBody.parse({
      name,
      instance_id: instance,
      former_instance_id: former?.instance ?? null,
      cpu_threads: 2,
      pools: Object.fromEntries(['cpu', ...encoders.map(poolOf)].map((pool) => [pool, 2])),
      ...(change.paths && { paths: change.paths }),
      capabilities: {
        ffmpeg_version: '5.1',
        encoders: Object.fromEntries(encoders.map((encoder) => [encoder, 100])),
        proving: Boolean(change.proving),
        proving_hardware: change.proving === true,
        resting: change.resting,
      },
    });
    return (await registerWorker(this.store, { body, rules: this.rules })).id;
  }

  async submit(change: Partial<JobRequest> = {}, key: string | null = null): Promise<JobId> {
    const [job] = await submitJobs(this.store, [{ request: testRequest(change), idempotencyKey: key }]);
    if (!job) throw new Error('nothing was submitted');
    return job.id;
  }

  /** A claim that must succeed, by a worker that has just been heard of. */
  async claim(worker: TestWorker): Promise<ClaimedTask> {
    const answer = await this.tryClaim(worker);
    if (answer === null) throw new Error(`${worker.name} found nothing to claim`);
    return answer;
  }

  async tryClaim(worker: TestWorker, claimId: AttemptId = newId<AttemptId>()): Promise<ClaimedTask | null> {
    await this.heartbeat(worker, []);
    for (;;) {
      const answer = await this.claimUnheard(worker, claimId);
      if (!('again' in answer)) return answer.task;
      const granted = this.store.db.selectFrom('attempts').select('id').where('id', '=', claimId);
      if (await granted.executeTakeFirst()) return null;
    }
  }

  /** A claim of a worker that may have been silent for long. */
  claimUnheard(worker: TestWorker, claimId: AttemptId = newId<AttemptId>()) {
    const body = { claim_id: claimId, instance_id: worker.instance };
    return claimTask(this.store, { workerId: worker.id, body, rules: this.rules });
  }

  async heartbeat(
    worker: TestWorker,
    tasks: readonly ClaimedTask[],
    progress = 0.5,
    status: 'online' | 'error' = 'online',
  ) {
    return renewLeases(this.store, {
      workerId: worker.id,
      body: {
        instance_id: worker.instance,
        status,
        load: 0,
        tasks: tasks.map((task) => ({
          task_id: task.task_id as TaskRow['id'],
          attempt: task.attempt,
          token: task.token as AttemptId,
          progress,
          fps: null,
          speed: null,
        })),
      },
      rules: this.rules,
    });
  }

  async report(task: Pick<ClaimedTask, 'token'>, body: Partial<ReportBody> & Pick<ReportBody, 'outcome'>) {
    return reportAttempt(this.store, {
      attemptId: task.token as AttemptId,
      body: { ...reportBody.parse({ outcome: body.outcome }), ...body },
      rules: this.rules,
    });
  }

  async done(task: ClaimedTask) {
    return this.report(task, { outcome: 'done', result: resultFor(task) });
  }

  async fails(task: ClaimedTask, code: ErrorCode, outcome: 'retry' | 'reject' = 'retry') {
    return this.report(task, { outcome, error: failure(code, 'as the test wants it') });
  }

  async commit(task: Pick<ClaimedTask, 'token'>) {
    return commitAttempt(this.store, {
      attemptId: task.token as AttemptId,
      body: { file: testFile(task.token), metrics: {}, command: null },
      rules: this.rules,
    });
  }

  /** Lets time pass while a coordinator is up, as it is in a healthy farm. */
  async coordinatorsUpFor(ms: number): Promise<void> {
    const step = 1_000;
    await touchCoordinator(this.store, 'coordinator-1', this.rules);
    for (let passed = 0; passed < ms; passed += step) {
      this.clock.advance(Math.min(step, ms - passed));
      await touchCoordinator(this.store, 'coordinator-1', this.rules);
    }
  }

  async job(id: JobId): Promise<JobRow> {
    const job = await findJob(this.store.db, id);
    if (!job) throw new Error(`there is no job ${id}`);
    return job;
  }

  async tasks(id: JobId, kind?: TaskKind): Promise<TaskRow[]> {
    return (await listTasks(this.store.db, id)).filter((task) => kind === undefined || task.kind === kind);
  }

  async task(claimed: ClaimedTask): Promise<TaskRow> {
    const task = (await this.tasks(claimed.job_id as JobId)).find(({ id }) => id === claimed.task_id);
    if (!task) throw new Error('the task is gone');
    return task;
  }

  async events(id: JobId): Promise<string[]> {
    const rows = await this.store.db
      .selectFrom('events')
      .select('event')
      .where('job_id', '=', id)
      .orderBy('seq')
      .execute();
    return rows.map((row) => row.event);
  }

  /** Brings a fresh job to the point where its first encode can be claimed. */
  async probed(worker: TestWorker, change: Partial<JobRequest> = {}): Promise<JobId> {
    const id = await this.submit(change);
    const probe = await this.claim(worker);
    if (probe.kind !== 'probe') throw new Error(`expected a probe, got ${probe.kind}`);
    await this.done(probe);
    return id;
  }

  /** Brings a fresh job to the point where its file is made and only the publication is left. */
  async readyToCommit(worker: TestWorker, change: Partial<JobRequest> = {}): Promise<{ id: JobId; task: ClaimedTask }> {
    const id = await this.probed(worker, { segment: { mode: 'off' }, ...change });
    const task = await this.claim(worker);
    await this.heartbeat(worker, [task]);
    return { id, task };
  }
}

let outputs = 0;

export function testRequest(change: Partial<JobRequest> = {}): JobRequest {
  const profile = findProfile('h264');
  if (!profile) throw new Error('the profile h264 is gone');
  const { name, description: _, ...encode } = profile;
  outputs += 1;
  return {
    kind: 'transcode',
    input: '/media/in.mp4',
    output: `/media/out-${outputs}.mp4`,
    profile: name,
    encode,
    segment: { mode: 'fixed', seconds: 10 },
    affinity: 'none',
    verify: 'fast',
    on_error: 'fail',
    overwrite: false,
    priority: 50,
    retry_attempts: 3,
    retry_delay_seconds: 5,
    timeout_seconds: 0,
    labels: [],
    ...change,
  };
}

export function testFile(token: string): CommitBody['file'] {
  return {
    part: `/media/.ffmill/transcode.${token}.part`,
    size_bytes: 1000,
    modified_ms: 1,
    inode: '42',
    verification: { level: 'fast', frames: 1800, duration_seconds: 60, streams: 2, checks: [], ssim: null, damage: [] },
  };
}

/** A result that a worker could have reported for the task. The probe’s is a clip of 60 s with a keyframe every 10 s. */
function resultFor(task: ClaimedTask): ReportBody['result'] {
  switch (task.kind) {
    case 'probe':
      return testProbe((task.spec as ProbeSpec).input);
    case 'measure':
      return {
        first_pass: { prefix: `\${scratch}/pass.${task.token}`, files: [] },
        complexity: { texture_bits: 1_000_000 * (task.ordinal + 1), motion_bits: 0, other_bits: 0 },
        seconds: 10,
      };
    case 'segment':
      return {
        file: { path: `\${scratch}/segment.${task.token}.mp4`, size_bytes: 1000 },
        frames: 300,
        first_ticks: 0,
        last_ticks: 1,
        damage: [],
      };
    case 'audio':
      return { file: { path: `\${scratch}/rest.${task.token}.mp4`, size_bytes: 1000 }, damage: [] };
    default:
      return testFile(task.token);
  }
}

export function testProbe(source = '/media/in.mp4'): ProbeResult {
  const stream = { language: null, title: null, dispositions: ['default'], duration_seconds: 60, start_ticks: 0 };
  return {
    source,
    remux: null,
    keyframes: [10, 20, 30, 40, 50].map((seconds) => seconds * 15_360),
    media: {
      format: 'mov,mp4,m4a,3gp,3g2,mj2',
      size_bytes: 1_000_000,
      modified_ms: 1,
      fingerprint: '00',
      start_seconds: 0,
      duration_seconds: 60,
      bit_rate: 1_000_000,
      chapters: 0,
      streams: [
        {
          ...stream,
          index: 0,
          type: 'video',
          codec: 'h264',
          time_base: { num: 1, den: 15_360 },
          profile: 'High',
          width: 1280,
          height: 720,
          pixel_format: 'yuv420p',
          sample_aspect_ratio: { num: 1, den: 1 },
          rotation: 0,
          average_frame_rate: { num: 30, den: 1 },
          frame_rate_mode: 'constant',
          field_order: 'progressive',
          color_range: null,
          color_space: null,
          color_transfer: null,
          color_primaries: null,
          chroma_location: null,
          hdr: null,
          mastering_display: null,
          max_content_light: null,
          frame_count: 1800,
          bit_rate: 900_000,
        },
        {
          ...stream,
          index: 1,
          type: 'audio',
          codec: 'aac',
          time_base: { num: 1, den: 48_000 },
          profile: 'LC',
          sample_rate: 48_000,
          channels: 2,
          channel_layout: 'stereo',
          bit_rate: 128_000,
        },
      ],
    },
  };
}
