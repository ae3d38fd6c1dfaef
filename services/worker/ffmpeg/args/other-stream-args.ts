import type { SubtitleTake } from '../../../../shared/job/task-settings.ts';

/** Maps subtitles and attached files of input 0, and says what becomes of each. */
export function otherStreamArgs(subtitles: readonly SubtitleTake[], attachments: readonly number[]): string[] {
  return [
    ...subtitles.flatMap(({ index, codec }, position) => ['-map', `0:${index}`, `-c:s:${position}`, codec]),
    ...attachments.flatMap((index) => ['-map', `0:${index}`]),
    ...(attachments.length === 0 ? [] : ['-c:t', 'copy']),
  ];
}
