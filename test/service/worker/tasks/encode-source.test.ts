import { expect, test } from 'vitest';
import { encodeSource } from '../../../../services/worker/tasks/encode-source.ts';
import { taskContext } from '../../../media/support/run-job.ts';
import { standIn } from '../../../support/ffmpeg-fixtures.ts';

test('a corrupt packet is damage also where times out of order are put right', async () => {
  const ffmpeg = standIn('ffmpeg-that-finds-times-out-of-order');
  const context = taskContext({ jobId: 'job-1', ordinal: 0, scratch: '/s' });
  const encoded = encodeSource(
    { ...context, binaries: { ...context.binaries, ffmpeg } },
    {
      args: (lenient) => (lenient ? [] : ['-xerror']),
      ...{ expectedSeconds: 10, share: 1, onError: 'fail', source: ffmpeg, originSeconds: 0, from: null, to: null },
      decoded: [{ type: 'audio', stream: 0 }],
    },
  );
  await expect(encoded).rejects.toMatchObject({
    code: 'input_corrupt',
    message: 'the input is damaged: in.ts: corrupt input packet in stream 1',
  });
});
