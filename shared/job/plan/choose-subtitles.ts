import { type ContainerName, container } from '../container.ts';
import type { MediaInfo } from '../media.ts';
import type { SubtitleTake } from '../task-settings.ts';

const TEXT = ['subrip', 'ass', 'ssa', 'webvtt', 'mov_text', 'text'];
/** Of the text formats those that Matroska holds as they are. */
const TEXT_IN_MATROSKA = ['subrip', 'ass', 'ssa', 'webvtt', 'text'];
/** Pictures cannot be converted: they go along where the container holds them and are left out elsewhere. */
const PICTURES_IN_MATROSKA = ['dvd_subtitle', 'hdmv_pgs_subtitle', 'dvb_subtitle'];

/** The subtitles that the container can hold, and what each becomes. */
export function chooseSubtitles(media: MediaInfo, name: ContainerName): SubtitleTake[] {
  return media.streams
    .filter((stream) => stream.type === 'subtitle')
    .flatMap(({ index, codec }) => {
      const made = subtitleCodec(codec, name);
      return made === null ? [] : [{ index, codec: made }];
    });
}

function subtitleCodec(source: string, name: ContainerName): SubtitleTake['codec'] | null {
  const { textSubtitles } = container(name);
  if (TEXT.includes(source)) {
    if (textSubtitles === 'copy') return TEXT_IN_MATROSKA.includes(source) ? 'copy' : 'subrip';
    return textSubtitles === source ? 'copy' : textSubtitles;
  }
  return name === 'matroska' && PICTURES_IN_MATROSKA.includes(source) ? 'copy' : null;
}
