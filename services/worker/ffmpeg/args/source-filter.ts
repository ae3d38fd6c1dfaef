import type { VideoSettings } from '../../../../shared/job/task.ts';
import { formatForEncoder, uploadFilters } from './upload-filter.ts';
import { type Interval, videoFilter } from './video-filter.ts';

/**
 * Of several frames of one moment only the first is kept: no player would show the others. Some sources do not say when
 * each of theirs is shown, and from damage some decoders (libdav1d) make several.
 */
export const RISING = "select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)'";

/** The filters of a source's picture, up to what its encoder takes. `rising`: one frame of each moment. */
export function sourceFilter(settings: VideoSettings, interval: Interval | null, rising: boolean): string {
  return [
    ...(rising ? [RISING] : []),
    videoFilter(settings, interval, formatForEncoder(settings)),
    ...uploadFilters(settings.encoder),
  ].join(',');
}
