import { AppError } from '../../../shared/errors.ts';
import type { SegmentPart } from '../../../shared/job/task.ts';

/**
 * The header of the first segment serves all. Devices and drivers of one family may write different ones: then the joined
 * file would decode to garbage, and one process has to make it.
 *
 * @throws AppError `join_mismatch`
 */
export function checkHeaders(segments: readonly SegmentPart[]): void {
  const [first] = segments;
  const other = segments.find(({ header }) => header !== first?.header);
  if (first === undefined || other === undefined) return;
  throw new AppError(
    'join_mismatch',
    `the encoders of segments ${first.ordinal} and ${other.ordinal} differ in what they tell decoders beforehand`,
  );
}
