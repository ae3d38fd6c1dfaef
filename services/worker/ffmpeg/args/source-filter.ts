import type { VideoSettings } from '../../../../shared/job/task-settings.ts';
import { formatForEncoder, uploadFilters } from './upload-filter.ts';
import { type Interval, videoFilter } from './video-filter.ts';

/**
 * Of several frames of one moment only the first is kept: no player would show the others. Some sources do not say when
 * each of theirs is shown, and from damage some decoders (libdav1d) make several.
 */
export const RISING = "select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)'";

/** The same, but for a clock that goes back by a second or more: that is no frame out of place but another recording. */
export const RISING_OR_BACK = "select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)+lt(t,prev_selected_t-1)'";

/** The filters of a source's picture, up to what its encoder takes; `selection`: one of the above. */
export function sourceFilter(settings: VideoSettings, interval: Interval | null, selection: string | null): string {
  return [
    ...(selection === null ? [] : [selection]),
    videoFilter(settings, interval, formatForEncoder(settings)),
    ...uploadFilters(settings.encoder),
  ].join(',');
}
