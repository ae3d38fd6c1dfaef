import { writeFile } from 'node:fs/promises';
import type { RunTask } from '../../../services/worker/execute-task.ts';
import { inOwnFile } from '../../../services/worker/tasks/in-own-file.ts';
import { sealFile } from '../../../services/worker/tasks/seal-file.ts';
import type { TaskContext } from '../../../services/worker/tasks/task-context.ts';
import type { MediaInfo } from '../../../shared/job/media.ts';
import type { TranscodeSpec } from '../../../shared/job/task.ts';
import type { ProbeResult, PublishedFile } from '../../../shared/job/task-result.ts';
import { sleep } from '../../../shared/runtime/sleep.ts';
import { partName } from '../../../shared/storage/unlink-other-parts.ts';

const SECONDS = 5;
const RATE = { num: 25, den: 1 };

/** Too short to be cut, and without sound: one task encodes it. */
const MEDIA: MediaInfo = {
  ...{ format: 'matroska,webm', size_bytes: 1_000, modified_ms: 1, fingerprint: '00', bit_rate: null, chapters: 0 },
  ...{ start_seconds: 0, duration_seconds: SECONDS },
  streams: [
    {
      ...{ type: 'video', index: 0, codec: 'h264', profile: 'High', pixel_format: 'yuv420p', width: 1280, height: 720 },
      ...{ time_base: { num: 1, den: 1000 }, start_ticks: 0, duration_seconds: SECONDS, frame_count: null },
      ...{ average_frame_rate: RATE, frame_rate_mode: 'constant', field_order: 'progressive', bit_rate: null },
      ...{ sample_aspect_ratio: null, rotation: 0, language: null, title: null, dispositions: ['default'] },
      ...{ color_range: null, color_space: null, color_transfer: null, color_primaries: null, chroma_location: null },
      ...{ hdr: null, mastering_display: null, max_content_light: null },
    },
  ],
};

/**
 * What a task would do, without FFmpeg: all that is left is what the farm itself costs. `probeMs`: how long the look at
 * the input takes. With 0 its report may overtake the heartbeat that makes the job `running`.
 */
export function noopTasks({ probeMs }: { probeMs: number }): RunTask {
  return async (context, spec) => {
    if (spec.kind === 'transcode') return makeNothing(context, spec);
    if (spec.kind !== 'probe') throw new Error(`unexpected ${spec.kind}`);
    if (probeMs > 0) await sleep(probeMs, context.signal);
    return { media: MEDIA, source: spec.input, remux: null, keyframes: [] } satisfies ProbeResult;
  };
}

async function makeNothing(context: TaskContext, spec: TranscodeSpec): Promise<PublishedFile> {
  const part = `${spec.target.parts}/${partName(spec.kind, context.attemptId)}`;
  return inOwnFile(await context.paths.locate(part), async (path) => {
    await writeFile(path, 'nothing');
    const { sizeBytes, modifiedMs, inode } = await sealFile(path);
    const verification = {
      level: 'fast',
      frames: 125,
      duration_seconds: SECONDS,
      streams: 1,
      checks: [],
      ssim: null,
      damage: [],
    } as const;
    return { part, size_bytes: sizeBytes, modified_ms: modifiedMs, inode, verification };
  });
}
