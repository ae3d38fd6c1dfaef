import { AppError } from '../../../shared/errors.ts';
import { checkInputFile } from '../ffmpeg/check-input-file.ts';

type ProbedInput = { readonly path: string; readonly sizeBytes: number; readonly modifiedMs: number };

/** @throws AppError `input_changed` when the input is no longer the file that was probed, `input_missing` … */
export async function checkInputUnchanged({ path, sizeBytes, modifiedMs }: ProbedInput): Promise<void> {
  const now = await checkInputFile(path);
  if (now.sizeBytes === sizeBytes && now.modifiedMs === modifiedMs) return;
  const grown = now.sizeBytes === sizeBytes ? 'was written to' : `went from ${sizeBytes} to ${now.sizeBytes} bytes`;
  throw new AppError('input_changed', `the input ${path} ${grown} while it was being encoded`);
}
