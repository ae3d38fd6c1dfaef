import { AppError } from '../../../shared/errors.ts';
import { checkInputFile } from '../ffmpeg/check-input-file.ts';

type ProbedInput = {
  readonly path: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly fingerprint: string;
};

/** @throws AppError `input_changed` when the input is no longer the file that was probed, `input_missing` … */
export async function checkInputUnchanged(probed: ProbedInput): Promise<void> {
  const change = changeOf(probed, await checkInputFile(probed.path));
  if (change === null) return;
  throw new AppError('input_changed', `the input ${probed.path} ${change} while it was being encoded`);
}

function changeOf(probed: ProbedInput, now: Omit<ProbedInput, 'path'>): string | null {
  if (now.sizeBytes !== probed.sizeBytes) return `went from ${probed.sizeBytes} to ${now.sizeBytes} bytes`;
  if (now.modifiedMs !== probed.modifiedMs) return 'was written to';
  return now.fingerprint === probed.fingerprint ? null : 'was replaced by another of the same size and time';
}
