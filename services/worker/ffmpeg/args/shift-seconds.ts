/**
 * Intermediate files are so much late as a whole: neither the negative decoding time stamps of B-frames nor sound that
 * begins before zero could be written else.
 */
export const SHIFT_SECONDS = 1000;
