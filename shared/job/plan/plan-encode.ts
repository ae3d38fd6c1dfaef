import { chooseCuts } from './choose-cuts.ts';
import { chooseStreams } from './choose-streams.ts';
import type { PlanFacts } from './plan-facts.ts';
import { planSplit } from './plan-split.ts';
import { planWhole } from './plan-whole.ts';
import type { Plan } from './planned-task.ts';
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
  const cuts = chooseCuts(facts);
  const reason = facts.whole ?? wholeReason(facts, cuts);
  if (reason !== null || streams.video === null || settings === 'copy')
    return planWhole(facts, streams, reason ?? 'packets are copied');
  return planSplit(facts, { ...streams, video: { ...streams.video, settings } }, cuts);
}

function wholeReason({ request, probe, target }: PlanFacts, cuts: readonly number[]): UnsplitReason | null {
  const { encode, segment } = request;
  const reason = unsplitReason({ encode, segment, container: target.container }, probe.media);
  if (reason !== null) return reason;
  if (!isSoughtExactly(probe.media)) return 'the source cannot be sought exactly';
  return cuts.length === 0 ? 'no keyframes to cut at' : null;
}
