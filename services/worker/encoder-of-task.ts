import type { TaskSpec } from '../../shared/job/task.ts';

/** The encoder of the picture that a task makes; undefined when it makes none. */
export function encoderOfTask(spec: TaskSpec): string | undefined {
  switch (spec.kind) {
    case 'measure':
    case 'segment':
      return spec.settings.encoder;
    case 'transcode':
      return spec.video === null || spec.video === 'copy' ? undefined : spec.video.encoder;
    default:
      return undefined;
  }
}
