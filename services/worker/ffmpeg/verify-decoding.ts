import { AppError } from '../../../shared/errors.ts';
import { decodeArgs, type Stretch } from './args/decode-args.ts';
import { runFfmpeg } from './run.ts';

type Decoding = {
  readonly binaries: { readonly ffmpeg: string };
  readonly path: string;
  readonly signal: AbortSignal;
  readonly stallMs: number;
  readonly threads: number;
  readonly types: readonly ('video' | 'audio')[];
};

const COMPLAINT = /\[(?:error|fatal|panic)\]/;

/** Decodes a stretch and allows no message. @throws AppError `verification_failed` */
export async function verifyDecoding(decoding: Decoding, stretch: Stretch): Promise<void> {
  const { binaries, path, signal, stallMs, threads, types } = decoding;
  const complaints: string[] = [];
  await runFfmpeg({
    ...{ binary: binaries.ffmpeg, signal, stallMs, args: decodeArgs({ path, stretch, types, threads }) },
    onLine(line) {
      if (complaints.length < 3 && COMPLAINT.test(line)) complaints.push(line);
    },
  });
  if (complaints.length === 0) return;
  throw new AppError('verification_failed', `decoding the result gave errors: ${complaints.join(' · ')}`);
}
