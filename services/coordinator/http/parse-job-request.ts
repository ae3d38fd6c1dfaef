import type { JobRequest, SegmentPolicy } from '../../../shared/job/job.ts';
import { DEFAULT_PROFILE, findProfile, PROFILES } from '../../../shared/job/profile.ts';
import type { JobRequestBody } from '../../../shared/wire/jobs.ts';
import { findContradictions } from './job-request/find-contradictions.ts';
import { findPathProblems, normalizeName } from './job-request/find-path-problems.ts';
import { type Finding, refusalOf } from './job-request/finding.ts';
import { mergeEncodeOptions } from './job-request/merge-encode-options.ts';

/**
 * Turns a request of the right shape into the one that the job keeps: profile and free fields merged, codecs resolved,
 * bit rates counted. All that can be known without looking at the files is checked here. `at` points to the request in
 * the body (`/jobs/3` in a batch).
 *
 * @throws AppError with the first problem's code, listing every problem.
 */
export function parseJobRequest(body: JobRequestBody, at = ''): JobRequest {
  const findings = findPathProblems(body);
  const profile = findProfile(body.profile ?? DEFAULT_PROFILE);
  if (profile === undefined) throw refusalOf([...findings, unknownProfile(body.profile)], at);
  const { encode, unknown } = mergeEncodeOptions(profile, body);
  findings.push(...unknown);
  if (unknown.length === 0) findings.push(...findContradictions(body, encode));
  if (findings.length > 0) throw refusalOf(findings, at);

  const { kind, affinity, verify, on_error, overwrite, priority, labels } = body;
  const { retry_attempts, retry_delay_seconds, timeout_seconds } = body;
  return {
    ...{
      kind,
      affinity,
      verify,
      on_error,
      overwrite,
      priority,
      labels,
      retry_attempts,
      retry_delay_seconds,
      timeout_seconds,
    },
    input: normalizeName(body.input),
    output: normalizeName(body.output),
    profile: profile.name,
    encode,
    segment: segmentPolicy(body.segment),
  };
}

function unknownProfile(name: string | undefined): Finding {
  const known = PROFILES.map((profile) => profile.name).join(', ');
  return { code: 'unknown_profile', pointer: '/profile', message: `${JSON.stringify(name)} is none of ${known}` };
}

function segmentPolicy({ mode, seconds }: JobRequestBody['segment']): SegmentPolicy {
  return mode === 'fixed' ? { mode, seconds } : { mode };
}
