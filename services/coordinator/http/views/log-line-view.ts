import type { LogLineRow } from '../../../../shared/db/rows.ts';
import type { LogPage } from '../../../../shared/wire/jobs.ts';
import { isoTime } from '../../../../shared/wire/times.ts';

type LogLine = LogPage['lines'][number];

export function logLineView({ seq, task_id, stream, text, at }: LogLineRow): LogLine {
  return { seq, task_id, stream, text, at: isoTime(at) };
}
