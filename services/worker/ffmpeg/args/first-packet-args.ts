import { fileUrl, inputOptions } from '../input-options.ts';

/** Copies the first packet of one stream into another Matroska file, at the moment at which it was read. */
export function firstPacketArgs(run: { path: string; streamIndex: number; output: string }): string[] {
  return [
    ...['-y', '-copyts', ...inputOptions(run.path), '-map', `0:${run.streamIndex}`, '-c', 'copy', '-frames:a', '1'],
    ...['-avoid_negative_ts', 'disabled', '-f', 'matroska', fileUrl(run.output)],
  ];
}
