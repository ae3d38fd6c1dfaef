import { ownWords } from './log-line.ts';

/**
 * What demuxers, parsers and decoders say of a damaged input, in the words of 5.1 and 7.1. A damaged index or a file
 * that ends early is not an error to FFmpeg even with `-xerror`: it takes the end for the end and exits with 0.
 * `mmco: unref short failure` is not among them: it is what every seek into open-GOP H.264 says.
 */
const DAMAGE = [
  // The file is shorter than its header says, or holds something else from some point on
  /File ended prematurely/,
  /partial file/,
  /invalid as first byte of an EBML number/,
  /indicated by an EBML number's first byte/,
  /exceeds containing master element/,
  /max resync size reached/,
  // With -xerror, these end the run
  /corrupt (?:input packet|decoded frame)/,
  /Error while decoding stream/,
  /Error submitting packet to decoder/,
  /\[error\] Decoding error/,
  // Decoders
  /error while decoding MB/,
  /concealing \d+ DC/,
  /Invalid NAL unit size/,
  /cu_qp_delta .* outside the valid range/,
  /Error splitting the input into NAL units/,
  /(?:Invalid OBU length|Error parsing OBU data|obu_\w+ out of range|Unknown OBU type)/,
  /(?:ac-tex|slice) damaged|Invalid mb type/,
  /channel element .* is not allocated|Input buffer exhausted|Header missing/,
  /error decoding the audio block/,
];

/** How a strict run ends whose source has times out of order, as MPEG-PS may; FFmpeg can put those of sound right. */
export const OUT_OF_ORDER = /Non-monoton(?:ous|ic) DTS/;

/** The first line that tells of a damaged input, in FFmpeg's words; null when none does. */
export function findInputDamage(stderr: readonly string[]): string | null {
  const line = stderr.find((candidate) => DAMAGE.some((pattern) => pattern.test(candidate)));
  return line === undefined ? null : ownWords(line);
}

/**
 * Whatever else the demuxer of Matroska calls an error: it skips to where it can read on, up to the next cluster, and the
 * run ends well. Of good files it says such things only before the first packet: `Unknown-sized element` of a recording of
 * Chrome whose length was written afterwards, `Invalid track number` of an index.
 */
const SKIPPED = /^\[matroska,webm @ 0x[0-9a-f]+\] \[error\] /;

/** What a line tells of something that was skipped, in FFmpeg's words; null when it tells of nothing. */
export function findSkipped(line: string): string | null {
  return SKIPPED.test(line) ? ownWords(line) : null;
}
