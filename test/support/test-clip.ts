import { execFileSync } from 'node:child_process';

export type ClipOptions = { readonly seconds: number; readonly size?: string };

/** Makes a small clip: 25 frames and one keyframe a second, with a tone. */
export function makeTestClip(path: string, { seconds, size = '320x180' }: ClipOptions): void {
  const picture = `testsrc2=size=${size}:rate=25:duration=${seconds}`;
  const sound = `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
  const video = '-c:v libx264 -preset ultrafast -g 25 -keyint_min 25 -sc_threshold 0 -pix_fmt yuv420p';
  const args = `-v error -nostdin -y -f lavfi -i ${picture} -f lavfi -i ${sound} ${video} -c:a aac`;
  execFileSync('ffmpeg', [...args.split(' '), `file:${path}`]);
}

/** How many pictures a file really holds: all are decoded. */
export function countFrames(path: string): number {
  const args = '-v error -select_streams v:0 -count_frames -show_entries stream=nb_read_frames -of csv=p=0'.split(' ');
  return Number(execFileSync('ffprobe', [...args, `file:${path}`], { encoding: 'utf8' }).trim());
}
