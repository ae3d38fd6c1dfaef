import type { AssembleSpec, MadeFile, SegmentPart } from '../task.ts';

/** Names the files that the finished segments and the rest left, in the order of time. */
export function completeAssembleSpec(
  spec: AssembleSpec,
  segments: readonly SegmentPart[],
  rest: MadeFile | null,
): AssembleSpec {
  const inOrder = segments.toSorted((a, b) => a.ordinal - b.ordinal);
  const frames = inOrder.reduce((sum, segment) => sum + segment.frames, 0);
  return { ...spec, segments: inOrder, rest, expect: { ...spec.expect, frames } };
}
