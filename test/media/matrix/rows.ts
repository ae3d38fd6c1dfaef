import type { Row } from './row.ts';
import { ALONG } from './rows/along.ts';
import { CODECS, GROUPS } from './rows/codecs.ts';
import { CONTAINERS } from './rows/containers.ts';
import { LENGTHS } from './rows/lengths.ts';
import { PICTURES } from './rows/pictures.ts';
import { RATES } from './rows/rates.ts';
import { SOUND } from './rows/sound.ts';

/** Every source, and what is to become of it. */
export const ROWS: readonly Row[] = [
  ...RATES,
  ...GROUPS,
  ...CONTAINERS,
  ...CODECS,
  ...PICTURES,
  ...SOUND,
  ...ALONG,
  ...LENGTHS,
];
