import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '../../../shared/errors.ts';

const SECONDS = 60;
/**
 * testsrc2 moves and has a clock and a frame number in its corner, so no font is needed; they are shown again in large.
 */
const PICTURE =
  `testsrc2=size=1280x720:rate=30:duration=${SECONDS},split[picture][corner];` +
  '[corner]crop=100:36:2:2,scale=iw*6:ih*6:flags=neighbor[clock];' +
  '[picture][clock]overlay=(W-w)/2:H-h-40';
/** A hum with a beep every second. */
const SOUND = `sine=frequency=220:beep_factor=4:sample_rate=48000:duration=${SECONDS}`;
/** Quick to make; a keyframe every two seconds leaves many places to cut. */
const VIDEO = '-c:v libx264 -preset ultrafast -crf 20 -g 60 -keyint_min 60 -sc_threshold 0 -pix_fmt yuv420p';
const AUDIO = '-c:a aac -b:a 128k';

/** Makes the demo's clip, unless an earlier run did: 60 s of 1280×720 at 30 fps with sound, about 40 MB. */
export async function makeClip(path: string): Promise<void> {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.part`;
  const made = `-f lavfi -i ${PICTURE} -f lavfi -i ${SOUND} ${VIDEO} ${AUDIO} -f mp4`.split(' ');
  const ffmpeg = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...made, part], {
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(ffmpeg, 'close').catch((cause: unknown) => {
    throw new AppError('ffmpeg_missing', 'ffmpeg cannot be started: is it in PATH?', { cause });
  });
  if (code !== 0) throw new AppError('ffmpeg_failed', 'FFmpeg could not make the clip (see above)');
  renameSync(part, path);
}
