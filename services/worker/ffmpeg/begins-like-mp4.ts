import { open } from 'node:fs/promises';

/** The boxes with which files of the MP4 family begin (ISO/IEC 14496-12, and QuickTime's older ones). */
const FIRST_BOXES = [
  'ftyp',
  'styp',
  'moov',
  'mdat',
  'moof',
  'sidx',
  'free',
  'skip',
  'wide',
  'pnot',
  'uuid',
  'pdin',
  'prft',
];

/**
 * Whether a file may be an MP4 at all. FFmpeg takes any file called `.mp4` for one when nothing else fits, and then
 * says of a text what it says of an MP4 that was cut off: `moov atom not found`.
 */
export async function beginsLikeMp4(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, 0);
    return FIRST_BOXES.includes(buffer.toString('latin1', 4));
  } finally {
    await file.close();
  }
}
