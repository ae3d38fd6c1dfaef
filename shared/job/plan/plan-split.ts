import { framesPerSecond, ticksToSeconds, type VideoStream } from '../media.ts';
import { capabilityFor, isHardware } from '../pools.ts';
import type { AudioSpec, IntervalSpec, PictureRate, SegmentRate, SourceCoding } from '../task.ts';
import { COPY } from './choose-audio.ts';
import { expectation } from './expectation.ts';
import { firstShownFromOrigin, firstShownTicks } from './first-shown.ts';
import { uprightSize } from './fit-picture.ts';
import { isRestShifted, originSeconds, originTicks } from './origin.ts';
import type { PlanFacts, SplitStreams } from './plan-facts.ts';
import type { Plan, PlannedTask } from './planned-task.ts';
import { seamLimit } from './seam-limit.ts';
import { timeLimitMs } from './time-limit-ms.ts';
import { videoLevel } from './video-level.ts';

/** How much work a second of media is beside encoding its picture: sound is fast, joining is copying. */
const AUDIO_WEIGHT = 0.05;
const ASSEMBLE_WEIGHT = 0.03;
/** A first pass takes a third of the second's time with x264's slower presets, and nearly all of it with the fast ones. */
const MEASURE_WEIGHT = 0.5;

/** Segments between the cuts, everything that is not picture once and whole, and what joins them. */
export function planSplit(facts: PlanFacts, streams: SplitStreams, cuts: readonly number[]): Plan {
  const rest = planRest(facts, streams);
  const intervals = planIntervals(facts, streams, cuts);
  const shared = streams.video.settings.bitrate !== null;
  return {
    unsplitReason: null,
    tasks: [
      ...(shared ? intervals.map((interval, ordinal) => planMeasure(facts, streams, { interval, ordinal })) : []),
      ...intervals.map((interval, ordinal) => planSegment(facts, streams, { interval, ordinal })),
      ...(rest === null ? [] : [rest]),
      planAssemble(facts, streams),
    ],
  };
}

function planIntervals(facts: PlanFacts, streams: SplitStreams, cuts: readonly number[]): IntervalSpec[] {
  const { video } = streams;
  const { probe } = facts;
  const lengths = segmentLengths(facts, video.stream, cuts);
  return [firstShownTicks(probe.media, video.stream), ...cuts].map((start, index) => ({
    source: probe.source,
    ...(isHardware(video.settings.encoder) && { source_coding: codingOf(video.stream) }),
    stream_index: video.stream.index,
    time_base: video.stream.time_base,
    start_ticks: start,
    end_ticks: cuts[index] ?? null,
    origin_ticks: originTicks(probe.media, video.stream),
    expected_seconds: lengths[index] ?? 0,
    settings: video.settings,
    on_error: facts.request.on_error,
    scratch: facts.scratch,
  }));
}

function codingOf({ codec, profile, pixel_format }: VideoStream): SourceCoding {
  return { codec, profile, pixel_format };
}

/** How long the segments between the cuts last, in seconds. */
export function segmentLengths({ probe }: PlanFacts, { time_base }: VideoStream, cuts: readonly number[]): number[] {
  const origin = originSeconds(probe.media);
  const inside = cuts.map((ticks) => ticksToSeconds(ticks, time_base));
  const edges = [origin, ...inside, origin + (probe.media.duration_seconds ?? 0)];
  return edges.slice(1).map((end, index) => Math.max(0.001, end - (edges[index] ?? 0)));
}

type Placed = { readonly interval: IntervalSpec; readonly ordinal: number };

function planMeasure(facts: PlanFacts, { video }: SplitStreams, { interval, ordinal }: Placed): PlannedTask<'measure'> {
  return {
    ...commonOf(facts, interval, ordinal),
    kind: 'measure',
    weight: interval.expected_seconds * MEASURE_WEIGHT,
    waits: false,
    spec: { ...interval, kind: 'measure', picture: pictureRate(video) },
  };
}

function planSegment(facts: PlanFacts, { video }: SplitStreams, { interval, ordinal }: Placed): PlannedTask<'segment'> {
  return {
    ...commonOf(facts, interval, ordinal),
    kind: 'segment',
    weight: interval.expected_seconds,
    waits: video.settings.bitrate !== null,
    spec: { ...interval, kind: 'segment', rate: limitedRate(video, interval.expected_seconds) },
  };
}

function commonOf({ request }: PlanFacts, { settings, expected_seconds: seconds }: IntervalSpec, ordinal: number) {
  return {
    ordinal,
    encoders: [capabilityFor(settings.encoder, settings.pixel_format)],
    timeoutMs: timeLimitMs(request.timeout_seconds, seconds),
  };
}

/** A constant quality within a limit needs no first pass. */
function limitedRate({ stream, settings }: SplitStreams['video'], seconds: number): SegmentRate | null {
  if (settings.bitrate !== null || !settings.limit) return null;
  return {
    ...{ share: null, mean: null, first_pass: null, seconds: null },
    limit: seamLimit(settings.limit, seconds),
    level: videoLevel(settings, { ...pictureRate({ stream, settings }), ...settings.limit }),
  };
}

function pictureRate({ stream, settings }: SplitStreams['video']): PictureRate {
  const { width, height } = settings.scale ?? uprightSize(stream);
  const constant = stream.frame_rate_mode === 'constant' && stream.average_frame_rate !== null;
  return { width, height, frames_per_second: framesPerSecond(stream), constant_rate: constant };
}

/** Of attached files alone FFmpeg makes no file that it could read: these the join takes from the source. */
function hasRest({ audio, subtitles }: SplitStreams): boolean {
  return audio !== null || subtitles.length > 0;
}

function planRest(facts: PlanFacts, streams: SplitStreams): PlannedTask<'audio'> | null {
  if (!hasRest(streams)) return null;
  const { video, audio, subtitles, attachments } = streams;
  const { probe, request } = facts;
  const duration = probe.media.duration_seconds ?? 0;
  const spec: AudioSpec = {
    kind: 'audio',
    source: probe.source,
    container: facts.target.container,
    time_base: video.stream.time_base,
    settings: audio?.settings ?? COPY,
    audio: audio?.streams.map((stream) => stream.index) ?? [],
    subtitles,
    attachments,
    shifted: isRestShifted(facts.target.container),
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
    waits: false,
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
    waits: true,
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
        first_shown_ticks: firstShownFromOrigin(probe.media, stream),
        settings,
        language: stream.language,
        title: stream.title,
        dispositions: stream.dispositions,
      },
      origin_seconds: originSeconds(probe.media),
      segments: [],
      rest: null,
      rest_shifted: isRestShifted(target.container),
      attachments: hasRest(streams) ? [] : streams.attachments,
      damage: [],
      target,
      expect: expectation(facts, streams),
      verify: request.verify,
      on_error: request.on_error,
      expected_seconds: duration,
    },
  };
}
