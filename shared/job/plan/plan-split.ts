import { ticksToSeconds } from '../media.ts';
import type { AudioSpec, SegmentSpec } from '../task.ts';
import { COPY } from './choose-audio.ts';
import { expectation } from './expectation.ts';
import { isRestShifted, originSeconds, originTicks } from './origin.ts';
import type { PlanFacts, SplitStreams } from './plan-facts.ts';
import type { Plan, PlannedTask } from './planned-task.ts';
import { timeLimitMs } from './time-limit-ms.ts';

/** How much work a second of media is beside encoding its picture: sound is fast, joining is copying. */
const AUDIO_WEIGHT = 0.05;
const ASSEMBLE_WEIGHT = 0.03;

/** Segments between the cuts, everything that is not picture once and whole, and what joins them. */
export function planSplit(facts: PlanFacts, streams: SplitStreams, cuts: readonly number[]): Plan {
  const rest = planRest(facts, streams);
  return {
    unsplitReason: null,
    tasks: [...planSegments(facts, streams, cuts), ...(rest === null ? [] : [rest]), planAssemble(facts, streams)],
  };
}

function planSegments(facts: PlanFacts, streams: SplitStreams, cuts: readonly number[]): PlannedTask<'segment'>[] {
  const { video } = streams;
  const { probe, request } = facts;
  const origin = originSeconds(probe.media);
  const seconds = (ticks: number) => ticksToSeconds(ticks, video.stream.time_base);
  const starts = [null, ...cuts];
  return starts.map((start, ordinal) => {
    const end = cuts[ordinal] ?? null;
    const begins = start === null ? origin : seconds(start);
    const ends = end === null ? origin + (probe.media.duration_seconds ?? 0) : seconds(end);
    const expectedSeconds = Math.max(0.001, ends - begins);
    const spec: SegmentSpec = {
      kind: 'segment',
      source: probe.source,
      stream_index: video.stream.index,
      time_base: video.stream.time_base,
      start_ticks: start,
      end_ticks: end,
      origin_ticks: originTicks(facts, streams),
      expected_seconds: expectedSeconds,
      settings: video.settings,
      on_error: request.on_error,
      scratch: facts.scratch,
    };
    return {
      kind: 'segment',
      ordinal,
      encoders: [video.settings.encoder],
      weight: expectedSeconds,
      timeoutMs: timeLimitMs(request.timeout_seconds, expectedSeconds),
      spec,
    };
  });
}

function planRest(facts: PlanFacts, { audio, subtitles, attachments }: SplitStreams): PlannedTask<'audio'> | null {
  if (audio === null && subtitles.length === 0 && attachments.length === 0) return null;
  const { probe, request } = facts;
  const duration = probe.media.duration_seconds ?? 0;
  const spec: AudioSpec = {
    kind: 'audio',
    source: probe.source,
    container: facts.target.container,
    settings: audio?.settings ?? COPY,
    audio: audio?.streams.map((stream) => stream.index) ?? [],
    subtitles,
    attachments,
    shifted: isRestShifted(facts.target.container, audio),
    origin_seconds: originSeconds(probe.media),
    on_error: request.on_error,
    expected_seconds: duration,
    scratch: facts.scratch,
  };
  const encoder = audio?.settings.encoder ?? null;
  return {
    kind: 'audio',
    ordinal: 0,
    encoders: encoder === null ? [] : [encoder],
    weight: Math.max(1, duration * AUDIO_WEIGHT),
    timeoutMs: timeLimitMs(request.timeout_seconds, duration),
    spec,
  };
}

function planAssemble(facts: PlanFacts, streams: SplitStreams): PlannedTask<'assemble'> {
  const { probe, request, target } = facts;
  const { stream, settings } = streams.video;
  const duration = probe.media.duration_seconds ?? 0;
  return {
    kind: 'assemble',
    ordinal: 0,
    encoders: [],
    weight: Math.max(1, duration * ASSEMBLE_WEIGHT),
    timeoutMs: timeLimitMs(request.timeout_seconds, duration),
    spec: {
      kind: 'assemble',
      source: probe.source,
      input: request.input,
      input_size_bytes: probe.media.size_bytes,
      input_modified_ms: probe.media.modified_ms,
      input_fingerprint: probe.media.fingerprint,
      video: {
        stream_index: stream.index,
        time_base: stream.time_base,
        settings,
        language: stream.language,
        title: stream.title,
        dispositions: stream.dispositions,
      },
      origin_seconds: originSeconds(probe.media),
      segments: [],
      rest: null,
      rest_shifted: isRestShifted(target.container, streams.audio),
      damage: [],
      target,
      expect: expectation(facts, streams),
      verify: request.verify,
      on_error: request.on_error,
      expected_seconds: duration,
    },
  };
}
