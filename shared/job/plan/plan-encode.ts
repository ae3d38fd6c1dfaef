import { hasTwoPasses } from '../codecs.ts';
import { poolOf } from '../pools.ts';
import type { VideoSettings } from '../task-settings.ts';
import { chooseCuts } from './choose-cuts.ts';
import { chooseStreams } from './choose-streams.ts';
import type { ChosenStreams, PlanFacts } from './plan-facts.ts';
import { planSplit, segmentLengths } from './plan-split.ts';
import { planWhole } from './plan-whole.ts';
import type { Plan } from './planned-task.ts';
import { leavesRoom } from './seam-limit.ts';
import { isSoughtExactly, type UnsplitReason, unsplitReason } from './unsplit-reason.ts';

/**
 * Decides how a probed file is encoded.
 *
 * @throws AppError with fault `request` or `input` when it cannot be done: `no_encoder`, `codec_not_in_container`,
 *   `no_video_stream`, `no_audio_stream`, `no_streams`, `invalid_options`.
 */
export function planEncode(facts: PlanFacts): Plan {
  const streams = chooseStreams(facts);
  const settings = streams.video?.settings ?? 'copy';
  const cuts = chooseCuts({ ...facts, slots: slotsFor(facts, settings) });
  const reason = facts.whole ?? wholeReason(facts, cuts) ?? rateReason(facts, streams, cuts);
  if (reason !== null || streams.video === null || settings === 'copy')
    return planWhole(facts, streams, reason ?? 'packets are copied');
  return planSplit(facts, { ...streams, video: { ...streams.video, settings } }, cuts);
}

/** How many pictures can be encoded at once: one family of encoders makes all segments of a job. */
function slotsFor({ slots, hardwareSlots }: PlanFacts, settings: VideoSettings | 'copy'): number {
  const pool = settings === 'copy' ? 'cpu' : poolOf(settings.encoder);
  return pool === 'cpu' ? slots : Math.max(1, hardwareSlots?.[pool] ?? 1);
}

/** Whether what is promised about the rate can be kept by processes that know nothing of each other. */
function rateReason(facts: PlanFacts, { video }: ChosenStreams, cuts: readonly number[]): UnsplitReason | null {
  if (video === null || video.settings === 'copy') return null;
  const { bitrate, limit, encoder } = video.settings;
  if (bitrate !== null && !hasTwoPasses(encoder)) return 'an average bit rate with this encoder';
  if (limit === null || leavesRoom(limit, segmentLengths(facts, video.stream, cuts), bitrate)) return null;
  return 'the rate limit leaves no room for seams';
}

function wholeReason({ request, probe, target }: PlanFacts, cuts: readonly number[]): UnsplitReason | null {
  const { encode, segment } = request;
  const reason = unsplitReason({ encode, segment, container: target.container }, probe.media);
  if (reason !== null) return reason;
  if (!isSoughtExactly(probe.media)) return 'the source cannot be sought exactly';
  return cuts.length === 0 ? 'no keyframes to cut at' : null;
}
