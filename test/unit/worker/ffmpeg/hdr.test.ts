import { expect, test } from 'vitest';
import { hdrOf } from '../../../../services/worker/ffmpeg/hdr.ts';

const MASTERING_DISPLAY = {
  side_data_type: 'Mastering display metadata',
  red_x: '34000/50000',
  red_y: '16000/50000',
  green_x: '53/200', // Matroska keeps fractions of its own
  green_y: '34500/50000',
  blue_x: '7500/50000',
  blue_y: '3000/50000',
  white_point_x: '15635/50000',
  white_point_y: '16450/50000',
  min_luminance: '1/10000',
  max_luminance: '1000/1',
};
const CONTENT_LIGHT = { side_data_type: 'Content light level metadata', max_content: 1000, max_average: 400 };

test('mastering display and content light are written as encoders read them', () => {
  expect(hdrOf('smpte2084', [MASTERING_DISPLAY, CONTENT_LIGHT])).toEqual({
    hdr: 'hdr10',
    mastering_display: 'G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,1)',
    max_content_light: '1000,400',
  });
});

test('a mastering display without luminances is left out', () => {
  const { min_luminance: _, ...primaries } = MASTERING_DISPLAY;
  expect(hdrOf('smpte2084', [primaries])).toMatchObject({ hdr: 'hdr10', mastering_display: null });
});

test.each([
  ['dolby_vision', 'smpte2084', 'DOVI configuration record'],
  ['hdr10_plus', 'smpte2084', 'HDR Dynamic Metadata SMPTE2094-40 (HDR10+)'],
  ['hlg', 'arib-std-b67', 'Unknown'],
  [null, 'bt709', 'Display Matrix'],
])('it is %s with the transfer %s and the side data %s', (hdr, transfer, side_data_type) => {
  expect(hdrOf(transfer, [{ side_data_type }]).hdr).toBe(hdr);
});
