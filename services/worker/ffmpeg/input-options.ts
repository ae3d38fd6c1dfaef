/**
 * The demuxers that may open a user's file. FFmpeg goes by what a file holds, not by its name: a text that begins with
 * `ffconcat version 1.0` is a play list of other files whatever it is called, and so are HLS, DASH and the image
 * sequences, which then read what their author wanted. Only formats that hold their media themselves are let in. The
 * names are those of FFmpeg 5.1 to 7.1; one that a build lacks is ignored.
 */
const MEDIA_DEMUXERS = [
  'aac,ac3,aiff,amr,ape,asf,au,avi,av1,caf,dnxhd,dts,dv,eac3,flac,flv,gxf,h263,h264,hevc,ivf,loas,m4v',
  'matroska,webm,mov,mp4,m4a,3gp,3g2,mj2,mp3,mpc,mpc8,mpeg,mpegts,mpegvideo,mxf,nut,obu,ogg,rm,tak,truehd,tta,vc1',
  'w64,wav,wtv,wv,yuv4mpegpipe',
].join(',');

/** What stands before every input that a user named, for ffmpeg and ffprobe alike. */
export function inputOptions(path: string): string[] {
  return ['-protocol_whitelist', 'file', '-format_whitelist', MEDIA_DEMUXERS, '-i', fileUrl(path)];
}

/** An absolute path as FFmpeg's own URL, so that nothing in it is taken for an option or another protocol. */
export function fileUrl(path: string): string {
  return `file:${path}`;
}

/**
 * Makes FFmpeg fail on a damaged input instead of encoding what it makes of it. For every run that decodes, but none
 * that copies packets (there it also fails on time stamps that FFmpeg would put right).
 *
 * Tried with 5.1.9 on 60 s of H.264 and HEVC (open GOP), MPEG-2, AV1 and VP9 in mp4, mov, mkv, webm, ts and mpg:
 * - Good files: no false alarm in 23 whole files and in 98 segments read after a seek, streams that begin between two
 *   keyframes among them. `-err_detect explode` fails 17 of the segments (a seek into open-GOP H.264 says `mmco: unref
 *   short failure`), and to count lines marked `[error]` would too: joining in between two keyframes logs up to 99.
 * - Last third overwritten with random bytes: mp4 and mov, mkv and webm with H.264, MPEG-2, AV1 and VP9, ts and mpg with
 *   H.264 and MPEG-2 fail as they should. HEVC in mkv, and sound alone in mkv, end early with exit code 0 (1002 of 1500
 *   frames), and so may ts (`findTransportStreamDamage` is for that) and any file cut off in the middle. Counting the
 *   frames or comparing the durations finds those; the run's `inputDamage` then says why.
 */
export const STRICT_DECODING = ['-xerror'];
