/**
 * A line of FFmpeg's log at `-loglevel level+…`: whose it is (`[h264 @ 0x55…]`, one or more; none when ffmpeg itself
 * speaks), how bad (`[error]`), and what. Libraries that print on their own (`x265 [error]: …`) keep their own shape.
 */
const LINE = /^(?<contexts>(?:\[[^\]]* @ 0x[0-9a-f]+\] )*)(?:\[(?<level>[a-z]+)\] )?(?<words>.*)$/s;

/** Whether the line says that something went wrong. */
export function isComplaint(line: string): boolean {
  const level = LINE.exec(line)?.groups?.level;
  return level === undefined ? /\berror\b|not found/i.test(line) : ['error', 'fatal', 'panic'].includes(level);
}

/** Whether ffmpeg says it, rather than a demuxer, a decoder, a filter or an encoder. */
export function isFfmpegsOwn(line: string): boolean {
  return LINE.exec(line)?.groups?.contexts === '';
}

/** FFmpeg repeats whole lists of names; the beginning tells what it is about. */
const MAX_CHARACTERS = 200;

/** The line without addresses and levels, for people: `h264: Invalid NAL unit size (0 > 3114).` */
export function ownWords(line: string): string {
  const { contexts = '', words = line } = LINE.exec(line)?.groups ?? {};
  const speaker = /^\[([^\]]*) @ /.exec(contexts)?.[1] ?? '';
  const all = speaker === '' || speaker === 'NULL' ? words : `${speaker}: ${words}`;
  return all.length > MAX_CHARACTERS ? `${all.slice(0, MAX_CHARACTERS)}…` : all;
}
