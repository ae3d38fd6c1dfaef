import type { OnError } from '../../../../shared/job/job.ts';
import type { VideoSettings } from '../../../../shared/job/task.ts';
import { formatForEncoder, uploadFilters } from './upload-filter.ts';
import { type Interval, videoFilter } from './video-filter.ts';

/** From damage some decoders (libdav1d) make several frames of one moment: of these only the first is kept. */
const RISING = "select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)'";

/** The filters of the picture of a source that may be damaged, up to what its encoder takes. */
export function sourceFilter(settings: VideoSettings, interval: Interval | null, onError: OnError): string {
  return [
    ...(onError === 'conceal' ? [RISING] : []),
    videoFilter(settings, interval, formatForEncoder(settings)),
    ...uploadFilters(settings.encoder),
  ].join(',');
}
