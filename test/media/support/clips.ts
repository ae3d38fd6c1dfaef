import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpeg } from './ffmpeg.ts';
import { makeOnce } from './make-once.ts';

/**
 * Sources for the tests, made once and kept. Every frame differs from every other: testsrc2 moves, and its counter of
 * seconds and frames is burnt in. The sound is a tone with a beep each second.
 */
const FOLDER = join(tmpdir(), 'ffmill-test-clips-2');

const video = (rate: string, size = '192x108') => ['-f', 'lavfi', '-i', `testsrc2=s=${size}:r=${rate}:d=12.5`];
const sound = ['-f', 'lavfi', '-i', 'sine=f=330:b=4:r=48000:d=12.5'];
const x264 = (params: string) => ['-c:v', 'libx264', '-preset', 'veryfast', '-x264-params', params];
const CLOSED = x264('keyint=48:scenecut=0');
/** A keyframe every 4 s; a hole in the file costs little around it. */
const LONG = [...x264('keyint=100:scenecut=0'), '-cluster_time_limit', '200'];
const OPEN = x264('keyint=48:scenecut=0:open-gop=1:bframes=3');
const X265 = ['-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'keyint=48:log-level=error'];
const MPEG2 = ['-c:v', 'mpeg2video', '-q:v', '4', '-bf', '2', '-g', '15'];
const AAC = ['-c:a', 'aac'];
const VFR = "select='not(eq(mod(n,7),3))*not(between(n,130,149))'";

/** Scenes of six seconds: a moving pattern, one color, a picture with grain, and bars that stand. */
const EASY_AND_HARD = [
  ...['testsrc2', 'color=c=0x336699', 'mandelbrot', 'smptebars'].flatMap((source, index) => [
    ...['-f', 'lavfi', '-t', '6', '-i'],
    `${source}${index === 1 ? ':' : '='}s=160x90:r=25${index === 2 ? ',noise=alls=20:allf=t' : ''}`,
  ]),
  ...['-filter_complex', '[0:v][1:v][2:v][3:v]concat=n=4:v=1,format=yuv420p'],
  ...['-force_key_frames', 'expr:gte(t,n_forced*2)'],
];

export const CLIPS = {
  'h264-mp4.mp4': [...video('25'), ...sound, ...CLOSED, ...AAC],
  'h264-ntsc.mp4': [...video('30000/1001'), ...sound, ...CLOSED, ...AAC],
  'h264-film.mkv': [...video('24000/1001'), ...sound, ...CLOSED, '-c:a', 'ac3'],
  'h264-open-gop.mkv': [...video('25'), ...sound, ...OPEN, '-c:a', 'libopus'],
  'h264-long-gop.mkv': [...video('25'), ...sound, ...LONG, ...AAC],
  'h264-vfr.mkv': [...video('30'), ...sound, '-vf', VFR, '-fps_mode', 'vfr', ...CLOSED, ...AAC],
  'hevc.mp4': [...video('25'), ...sound, ...X265, ...AAC],
  'vp9.webm': [...video('25'), ...sound, '-c:v', 'libvpx-vp9', '-cpu-used', '8', '-g', '48', '-c:a', 'libopus'],
  'mpeg2.ts': [...video('25'), ...sound, ...MPEG2, '-c:a', 'mp2'],
  'mpeg2.mkv': [...video('25'), ...sound, ...MPEG2, '-c:a', 'mp3'],
  'av1.mkv': [...video('25'), ...sound, '-c:v', 'libsvtav1', '-preset', '12', '-g', '48', '-c:a', 'libopus'],
  'late-start.mkv': [...video('25'), ...sound, ...OPEN, ...AAC, '-output_ts_offset', '3600'],
  'easy-and-hard.mp4': [...EASY_AND_HARD, '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '8', '-g', '50'],
} as const satisfies Record<string, readonly string[]>;

export type ClipName = keyof typeof CLIPS | 'edit-list.mp4';

/** The path of a clip, which is made when it is not there yet. */
export function clip(name: ClipName): Promise<string> {
  return makeOnce(join(FOLDER, name), async (unfinished) => {
    if (name !== 'edit-list.mp4') return ffmpeg(...CLIPS[name], unfinished);
    // Cut between keyframes without encoding: the edit list hides what comes before the cut
    return ffmpeg('-ss', '1.3', '-i', await clip('h264-mp4.mp4'), '-c', 'copy', unfinished);
  });
}
