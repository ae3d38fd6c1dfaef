import type { Selectable } from 'kysely';
import type { Failure } from '../errors.ts';
import type { JobRequest } from '../job/job.ts';
import { OWN_PATHS } from '../job/path-variable.ts';
import type { Offer } from '../job/queue-class.ts';
import type { TaskSpec } from '../job/task.ts';
import type { ProbeResult, PublishedFile, TaskResult } from '../job/task-result.ts';
import type { RegisterBody } from '../wire/workers.ts';
import type { AttemptsTable, JobsTable, LogLinesTable, TasksTable, WorkersTable } from './schema.ts';

/** Why a job was planned a second time. `software`: hardware had failed and is not tried again. */
export type PlannedAgain = { readonly reason: string; readonly software: boolean };

/** Rows as they are read: times in milliseconds, JSON columns text until a function below is asked for their value. */
export type JobRow = Selectable<JobsTable>;
export type TaskRow = Selectable<TasksTable>;
export type AttemptRow = Selectable<AttemptsTable>;
export type WorkerRow = Selectable<WorkersTable>;
export type LogLineRow = Selectable<LogLinesTable>;

// The columns are written by ffmill alone, from values of these types; parsing them again would check our own work.
const read = <Value>(json: string): Value => JSON.parse(json) as Value;
const readOrNull = <Value>(json: string | null): Value | null => (json === null ? null : read<Value>(json));

/** The values of JSON columns; null where the column is NULL. A job from before an option existed has its default. */
export const requestOf = (row: Pick<JobRow, 'request'>): JobRequest => {
  const request = read<JobRequest>(row.request);
  const { hardware = 'auto', maxrate = null, bufsize = null } = request.encode;
  return {
    ...request,
    on_error: request.on_error ?? 'fail',
    encode: { ...request.encode, hardware, maxrate, bufsize },
  };
};
export const labelsOf = (row: Pick<JobRow, 'labels'>): string[] => read(row.labels);
export const probeOf = (row: Pick<JobRow, 'probe'>): ProbeResult | null => readOrNull(row.probe);
export const errorOf = (row: { readonly error: string | null }): Failure | null => readOrNull(row.error);
export const publishedOf = (row: { readonly result: string | null }): PublishedFile | null => readOrNull(row.result);
export const specOf = (row: Pick<TaskRow, 'spec'>): TaskSpec => read(row.spec);
export const plannedAgainOf = (row: Pick<JobRow, 'planned_again'>): PlannedAgain | null =>
  readOrNull(row.planned_again);
export const resultOf = (row: Pick<TaskRow, 'result'>): TaskResult | null => readOrNull(row.result);
export const registrationOf = (row: Pick<WorkerRow, 'registration'>): RegisterBody => ({
  paths: [OWN_PATHS, 'scratch'], // of a worker that registered before there were path variables
  ...read<Omit<RegisterBody, 'paths'> & Partial<Pick<RegisterBody, 'paths'>>>(row.registration),
});

/** Whether new work may be planned for the worker. */
export const isPresent = ({ status }: Pick<WorkerRow, 'status'>): boolean =>
  status !== 'offline' && status !== 'quarantined';

/** What a worker has for tasks that need it. */
export const offerOf = (row: Pick<WorkerRow, 'registration'>): Offer => {
  const { capabilities, paths } = registrationOf(row);
  return { encoders: Object.keys(capabilities.encoders), paths };
};

/** The same with the encoders that rest after a failure: what tasks may wait for. */
export const hopedOfferOf = (row: Pick<WorkerRow, 'registration'>): Offer => {
  const { encoders, paths } = offerOf(row);
  return { encoders: [...encoders, ...(registrationOf(row).capabilities.resting ?? [])], paths };
};
