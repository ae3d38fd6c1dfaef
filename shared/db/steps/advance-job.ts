import { AppError, assertNever, failureOf } from '../../errors.ts';
import type { WorkerId } from '../../job/ids.ts';
import type { JobStage } from '../../job/job.ts';
import { completeAssembleSpec } from '../../job/plan/complete-assemble-spec.ts';
import { completeSegmentSpecs } from '../../job/plan/complete-segment-specs.ts';
import type { Plan } from '../../job/plan/planned-task.ts';
import type { AssembleSpec, MeasureSpec, TaskKind, TaskSpec } from '../../job/task.ts';
import type { AudioResult, MeasureResult, SegmentResult } from '../../job/task-result.ts';
import { taskStatesBefore } from '../../job/transitions.ts';
import { listTasks } from '../queries/list-tasks.ts';
import { type JobRow, requestOf, resultOf, specOf, type TaskRow } from '../rows.ts';
import type { Tx } from '../store.ts';
import { addTasks } from './add-tasks.ts';
import { failJob } from './end-job.ts';
import { pendingEvent } from './insert-tasks.ts';
import { fleetForJob, planJob, planUnlessTested } from './plan-job.ts';
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

/**
 * Plans the encode from what the probe found, or anew as one task after a `mismatch` at the join, with that as reason. A
 * job that is to go to hardware is left as it is while workers may still find some: a sweep comes back to it.
 */
export async function planStage(tx: Tx, job: JobRow, mismatch?: string): Promise<void> {
  const { affinity } = requestOf(job);
  const fleet = await fleetForJob(tx.db, job);
  try {
    const plan = job.stage === 'probe' ? planUnlessTested(job, fleet) : planJob(job, fleet, mismatch);
    if (plan === null) return;
    const planned = { stage: stageAfterProbe(plan), unsplit_reason: plan.unsplitReason };
    tx.atEnd.push(tx.db.updateTable('jobs').set(planned).where('id', '=', job.id));
    await addTasks(tx, job, plan.tasks, affinity === 'same_worker' ? await proberOf(tx, job) : null);
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
  for (const task of segments) unblock(tx, task, specs[task.ordinal]);
  const opened = { stage: 'encode', open_tasks: segments.length } as const;
  tx.atEnd.push(tx.db.updateTable('jobs').set(opened).where('id', '=', job.id));
  await recordEvents(tx, job.id, segments.map(pendingEvent));
}

/** Those of the newest plan, in the order of time. */
function tasksOf(tasks: readonly TaskRow[], kind: TaskKind): TaskRow[] {
  return tasks.filter((task) => task.kind === kind && task.ordinal >= 0).sort((a, b) => a.ordinal - b.ordinal);
}

function unblock(tx: Tx, task: TaskRow, spec: TaskSpec | undefined): void {
  if (spec === undefined) throw new AppError('internal', `task ${task.id} has nothing to begin with`);
  tx.atEnd.push(
    tx.db
      .updateTable('tasks')
      .set({ state: 'pending', spec: JSON.stringify(spec), pending_at: tx.now, not_before: null })
      .where('id', '=', task.id)
      .where('state', 'in', taskStatesBefore('pending')),
  );
}

/** Hands the finished parts to the assemble task and lets it be claimed. */
async function unblockAssemble(tx: Tx, job: JobRow): Promise<void> {
  const tasks = await listTasks(tx.db, job.id);
  const assemble = tasks.find((task) => task.kind === 'assemble' && task.state === 'blocked');
  if (assemble === undefined) return; // a whole-file job: its one task publishes and completes the job
  const spec = completeAssembleSpec(specOf(assemble) as AssembleSpec, segmentParts(tasks), restOf(tasks));
  unblock(tx, assemble, spec);
  tx.atEnd.push(tx.db.updateTable('jobs').set({ stage: 'assemble', open_tasks: 1 }).where('id', '=', job.id));
  await recordEvents(tx, job.id, [pendingEvent(assemble)]);
}

function segmentParts(tasks: readonly TaskRow[]) {
  return tasksOf(tasks, 'segment').map((task) => ({ ordinal: task.ordinal, ...(resultOf(task) as SegmentResult) }));
}

function restOf(tasks: readonly TaskRow[]) {
  const [audio] = tasksOf(tasks, 'audio');
  return audio ? (resultOf(audio) as AudioResult) : null;
}
