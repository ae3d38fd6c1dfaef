import type { AssembleSpec, SegmentPart } from '../task.ts';
import type { AudioResult } from '../task-result.ts';

/** Names what the finished segments and the rest left, in the order of time. */
export function completeAssembleSpec(
  spec: AssembleSpec,
  segments: readonly SegmentPart[],
  rest: AudioResult | null,
): AssembleSpec {
  const inOrder = segments.toSorted((a, b) => a.ordinal - b.ordinal);
  const frames = inOrder.reduce((sum, segment) => sum + segment.frames, 0);
  const damage = [...inOrder.flatMap((segment) => segment.damage), ...(rest?.damage ?? [])];
  return { ...spec, segments: inOrder, rest: rest?.file ?? null, damage, expect: { ...spec.expect, frames } };
}
