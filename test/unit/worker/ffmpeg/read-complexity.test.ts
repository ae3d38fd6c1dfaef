import { expect, it } from 'vitest';
import { parseComplexity } from '../../../../services/worker/ffmpeg/read-complexity.ts';

it('the logs of x264 and x265 say what each frame took', () => {
  const x264 = [
    '#options: 160x90 fps=25/1 rc=crf mbtree=1',
    'in:0 out:0 type:I dur:2 cpbdur:2 q:28.40 aq:27.93 tex:20473 mv:1927 misc:5832 imb:60 pmb:0 smb:0 d:- ref:;',
    'in:4 out:1 type:P dur:2 cpbdur:2 q:28.40 aq:27.87 tex:12683 mv:507 misc:98 imb:21 pmb:39 smb:0 d:- ref:0 ;',
  ].join('\n');
  expect(parseComplexity(x264)).toEqual({ texture_bits: 33_156, motion_bits: 2434, other_bits: 5930 });
  const x265 = 'in:0 out:0 type:I q:33.40 q-aq:30.50 q-Rceq:1.00 tex:13660 mv:1366 misc:64 icu:60.00 pcu:0.00 sc:0 ;';
  expect(parseComplexity(x265)).toEqual({ texture_bits: 13_660, motion_bits: 1366, other_bits: 64 });
});

it('a log without a frame says nothing', () => {
  expect(parseComplexity('#options: 160x90\n')).toBe(null);
});
