import { capabilityFor } from '../pools.ts';
import type { VideoSettings } from '../task-settings.ts';
import { expectation } from './expectation.ts';
import { originSeconds } from './origin.ts';
import type { ChosenStreams, PlanFacts } from './plan-facts.ts';
import type { Plan } from './planned-task.ts';
import { timeLimitMs } from './time-limit-ms.ts';

function encoderOf(settings: VideoSettings | 'copy' | null): string | undefined {
  if (settings === null || settings === 'copy') return undefined;
  return capabilityFor(settings.encoder, settings.pixel_format);
}

/** The whole file in one FFmpeg process. */
export function planWhole(facts: PlanFacts, streams: ChosenStreams, reason: string): Plan {
  const { probe, request, target } = facts;
  const duration = probe.media.duration_seconds ?? 0;
  const settings = streams.video?.settings ?? null;
  const encoders = [encoderOf(settings), streams.audio?.settings.encoder];
  return {
    unsplitReason: reason,
    tasks: [
      {
        kind: 'transcode',
        ordinal: 0,
        encoders: encoders.filter((name) => typeof name === 'string'),
        weight: Math.max(1, duration),
        waits: false,
        timeoutMs: timeLimitMs(request.timeout_seconds, duration),
        spec: {
          kind: 'transcode',
          input: request.input,
          input_size_bytes: probe.media.size_bytes,
          input_modified_ms: probe.media.modified_ms,
          input_fingerprint: probe.media.fingerprint,
          source: probe.source,
          media: probe.media,
          video: settings,
          audio: streams.audio?.settings ?? null,
          origin_seconds: originSeconds(probe.media),
          subtitles: streams.subtitles,
          attachments: streams.attachments,
          target,
          expect: expectation(facts, streams),
          verify: request.verify,
          on_error: request.on_error,
          expected_seconds: duration,
        },
      },
    ],
  };
}
