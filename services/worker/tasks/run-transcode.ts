import { audioStreams, mainVideo } from '../../../shared/job/media.ts';
import type { TranscodeSpec } from '../../../shared/job/task.ts';
import type { PublishedFile } from '../../../shared/job/task-result.ts';
import { encoderOfTask } from '../encoder-of-task.ts';
import { accelerationFor } from '../ffmpeg/acceleration.ts';
import { transcodeArgs } from '../ffmpeg/args/transcode-args.ts';
import { encodeSource } from './encode-source.ts';
import { makePart } from './make-part.ts';
import type { TaskContext } from './task-context.ts';

/** Verifying takes next to nothing beside encoding. */
const ENCODE_SHARE = 0.98;

/** Makes the whole file in one FFmpeg process, verifies it and hands it over for publication. */
export async function runTranscode(context: TaskContext, spec: TranscodeSpec): Promise<PublishedFile> {
  const { threads, devices } = context;
  const source = await context.paths.locate(spec.source);
  const acceleration = accelerationFor(
    { encoder: encoderOfTask(spec) ?? '', coding: mainVideo(spec.media), onError: spec.on_error },
    context.decoders,
  );
  return await makePart(context, spec, (output) =>
    encodeSource(context, {
      args: (lenient) => transcodeArgs({ spec, source, output, threads, lenient, devices, acceleration }),
      expectedSeconds: spec.expected_seconds,
      share: ENCODE_SHARE,
      ...{ onError: spec.on_error, source, decoded: decodedStreams(spec), from: null, to: null },
      originSeconds: spec.origin_seconds,
    }),
  );
}

function decodedStreams({ media, video, audio, expect }: TranscodeSpec): { type: 'video' | 'audio'; stream: number }[] {
  const picture = video === null || video === 'copy' ? undefined : mainVideo(media);
  const sound = audio === null || audio.codec === 'copy' ? [] : audioStreams(media).slice(0, expect.audio_streams);
  return [
    ...(picture === undefined ? [] : [{ type: 'video', stream: picture.index } as const]),
    ...sound.map(({ index }) => ({ type: 'audio', stream: index }) as const),
  ];
}
