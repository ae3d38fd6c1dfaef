import { z } from 'zod';
import { AppError } from '../../../../shared/errors.ts';
import { jobBatchBody, jobRequestBody, jobView } from '../../../../shared/wire/jobs.ts';
import { parseJobRequest } from '../parse-job-request.ts';
import { defineRoute, MIB } from '../route.ts';
import { submit } from '../submit.ts';

const KEY = z
  .string()
  .regex(/^[\x20-\x7e]{1,255}$/, 'must have 1 to 255 printable characters')
  .optional()
  .meta({ description: 'The same key gives the same jobs: a request whose answer was lost can be sent again' });
const headers = z.object({ 'idempotency-key': KEY });

/** Each job of a batch keeps a key of its own: the batch’s, and its place. */
const LONGEST_BATCH_KEY = 255 - '/999'.length;

const problems = [
  'unknown_profile',
  'unknown_codec',
  'invalid_path',
  'same_file',
  'codec_not_in_container',
  'output_in_use',
  'idempotency_mismatch',
] as const;

export const SUBMIT_ROUTES = [
  defineRoute({
    method: 'post',
    path: '/jobs',
    name: 'submitJob',
    summary: 'Submit a job',
    headers,
    body: jobRequestBody,
    answers: {
      201: { description: 'The new job', schema: jobView },
      200: { description: 'The job that this Idempotency-Key already made', schema: jobView },
    },
    problems,
    async handle({ store }, { headers, body }) {
      const idempotencyKey = headers['idempotency-key'] ?? null;
      const { jobs, created } = await submit(store, [{ request: parseJobRequest(body), idempotencyKey }], () => '');
      return { status: created ? 201 : 200, body: jobs[0], location: `/v1/jobs/${jobs[0]?.id}` };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/jobs/batch',
    name: 'submitJobs',
    summary: 'Submit up to 1000 jobs, all or none',
    headers,
    body: jobBatchBody,
    bodyLimitBytes: 8 * MIB,
    answers: {
      201: { description: 'The jobs, in the order of the requests', schema: z.object({ jobs: z.array(jobView) }) },
      200: { description: 'The same, all of them made before', schema: z.object({ jobs: z.array(jobView) }) },
    },
    problems,
    async handle({ store }, { headers, body }) {
      const key = headers['idempotency-key'];
      if (key !== undefined && key.length > LONGEST_BATCH_KEY)
        throw new AppError('invalid_request', `Idempotency-Key of a batch may have ${LONGEST_BATCH_KEY} characters`);
      const pointerTo = (index: number) => `/jobs/${index}`;
      const submissions = body.jobs.map((job, index) => ({
        request: parseJobRequest(job, pointerTo(index)),
        idempotencyKey: key === undefined ? null : `${key}/${index}`,
      }));
      const { jobs, created } = await submit(store, submissions, pointerTo);
      return { status: created ? 201 : 200, body: { jobs } };
    },
  }),
];
