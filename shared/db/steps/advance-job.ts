import { AppError, assertNever, failureOf } from '../../errors.ts';
import { ENCODER_NAMES } from '../../job/codecs.ts';
import type { WorkerId } from '../../job/ids.ts';
import type { JobStage } from '../../job/job.ts';
import { pathVariableOf } from '../../job/path-variable.ts';
import { completeAssembleSpec } from '../../job/plan/complete-assemble-spec.ts';
import { completeSegmentSpecs } from '../../job/plan/complete-segment-specs.ts';
import { planEncode } from '../../job/plan/plan-encode.ts';
import type { Plan } from '../../job/plan/planned-task.ts';
import { scratchOf, targetOf } from '../../job/plan/target-of.ts';
import type {
  AssembleSpec,
  AudioResult,
  MeasureResult,
  MeasureSpec,
  SegmentResult,
  TaskKind,
  TaskSpec,
} from '../../job/task.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import { listTasks } from '../queries/list-tasks.ts';
import { loadFleet } from '../queries/load-fleet.ts';
import { type JobRow, probeOf, requestOf, resultOf, specOf, type TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { addTasks } from './add-tasks.ts';
import { failJob } from './end-job.ts';
import { pendingEvent } from './insert-tasks.ts';
import { recordEvents } from './record-events.ts';

/**
 * Makes the next stage of a job whose present one has no open task left. Only the transaction that brought the counter
 * to 0 calls it, with the job's row locked: the stage is made exactly once.
 */
export async function advanceJob(tx: Tx, job: JobRow): Promise<void> {
  switch (job.stage) {
    case 'probe':
      return planStage(tx, job);
    case 'measure':
      return unblockSegments(tx, job);
    case 'encode':
      return unblockAssemble(tx, job);
    case 'assemble':
      return; // the publishing task ends the job itself
    default:
      return assertNever(job.stage);
  }
}

/** Plans the encode from what the probe found, or anew as one task after a `mismatch` at the join, with that as reason. */
export async function planStage(tx: Tx, job: JobRow, mismatch?: string): Promise<void> {
  const probe = probeOf(job);
  if (probe === null) throw new AppError('internal', `job ${job.id} has no probe to plan from`);
  const request = requestOf(job);
  // What only workers without this storage can encode is of no use to this job.
  const fleet = await loadFleet(tx.db, [request.input, request.output, scratchOf(job.id)].map(pathVariableOf));
  try {
    const plan = planEncode({
      jobId: job.id,
      request,
      probe,
      // While somebody is still proving, nothing can be ruled out.
      provedEncoders: fleet.proving ? ENCODER_NAMES : fleet.encoders,
      slots: fleet.slots,
      whole:
        job.whole === 1 ? ['the joined segments were not what was planned', mismatch].filter(Boolean).join(': ') : null,
      target: targetOf(job.id, request),
      scratch: scratchOf(job.id),
    });
    await tx.db
      .updateTable('jobs')
      .set({ stage: stageAfterProbe(plan), unsplit_reason: plan.unsplitReason })
      .where('id', '=', job.id)
      .execute();
    await addTasks(tx, job, plan.tasks, request.affinity === 'same_worker' ? await proberOf(tx, job) : null);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await failJob(tx, job, failureOf(error));
  }
}

/** The worker that probed the file: with affinity, it does the rest too. */
async function proberOf(tx: Tx, job: JobRow): Promise<WorkerId | null> {
  const probe = await tx.db
    .selectFrom('tasks')
    .select('worker_id')
    .where('job_id', '=', job.id)
    .where('kind', '=', 'probe')
    .executeTakeFirst();
  return probe?.worker_id ?? null;
}

function stageAfterProbe({ tasks }: Plan): JobStage {
  return tasks.some(({ kind }) => kind === 'measure') ? 'measure' : 'encode';
}

/** Gives each segment its share of the bits, now that all are measured, and lets them be claimed. */
async function unblockSegments(tx: Tx, job: JobRow): Promise<void> {
  const tasks = await listTasks(tx.db, job.id);
  const segments = tasksOf(tasks, 'segment').filter(({ state }) => state === 'blocked');
  const specs = completeSegmentSpecs(
    tasksOf(tasks, 'measure').map((task) => ({
      spec: specOf(task) as MeasureSpec,
      result: resultOf(task) as MeasureResult,
    })),
  );
  for (const task of segments) await unblock(tx, task, specs[task.ordinal]);
  await tx.db
    .updateTable('jobs')
    .set({ stage: 'encode', open_tasks: segments.length })
    .where('id', '=', job.id)
    .execute();
  await recordEvents(tx, job.id, segments.map(pendingEvent));
}

/** In the order of time. */
function tasksOf(tasks: readonly TaskRow[], kind: TaskKind): TaskRow[] {
  return tasks.filter((task) => task.kind === kind).sort((a, b) => a.ordinal - b.ordinal);
}

async function unblock(tx: Tx, task: TaskRow, spec: TaskSpec | undefined): Promise<void> {
  if (spec === undefined) throw new AppError('internal', `task ${task.id} has nothing to begin with`);
  await tx.db
    .updateTable('tasks')
    .set({ state: 'pending', spec: JSON.stringify(spec), pending_at: tx.now, not_before: null })
    .where('id', '=', task.id)
    .where('state', 'in', taskStatesBefore('pending'))
    .execute();
}

/** Hands the finished parts to the assemble task and lets it be claimed. */
async function unblockAssemble(tx: Tx, job: JobRow): Promise<void> {
  const tasks = await listTasks(tx.db, job.id);
  const assemble = tasks.find((task) => task.kind === 'assemble' && task.state === 'blocked');
  if (assemble === undefined) return; // a whole-file job: its one task publishes and completes the job
  const spec = completeAssembleSpec(specOf(assemble) as AssembleSpec, segmentParts(tasks), restOf(tasks));
  await unblock(tx, assemble, spec);
  await tx.db.updateTable('jobs').set({ stage: 'assemble', open_tasks: 1 }).where('id', '=', job.id).execute();
  await recordEvents(tx, job.id, [pendingEvent(assemble)]);
}

function segmentParts(tasks: readonly TaskRow[]) {
  return tasksOf(tasks, 'segment').map((task) => ({ ordinal: task.ordinal, ...(resultOf(task) as SegmentResult) }));
}

function restOf(tasks: readonly TaskRow[]) {
  const audio = tasks.find((task) => task.kind === 'audio');
  return audio ? (resultOf(audio) as AudioResult) : null;
}
