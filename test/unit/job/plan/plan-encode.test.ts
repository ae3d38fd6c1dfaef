import { describe, expect, it } from 'vitest';
import type { MediaInfo } from '../../../../shared/job/media.ts';
import { planEncode } from '../../../../shared/job/plan/plan-encode.ts';
import { audio, facts, media, other, request, video } from './sample-facts.ts';

describe('a file that is cut', () => {
  const plan = planEncode(facts());
  const segments = plan.tasks.filter((task) => task.kind === 'segment');

  it('becomes segments, one task for the rest and one that joins them', () => {
    expect(plan.unsplitReason).toBe(null);
    expect(plan.tasks.map(({ kind, ordinal }) => `${kind} ${ordinal}`)).toEqual([
      ...['segment 0', 'segment 1', 'segment 2', 'segment 3', 'segment 4', 'segment 5', 'audio 0', 'assemble 0'],
    ]);
  });

  it('belongs to exactly one segment at every moment', () => {
    expect(segments[0]?.spec.start_ticks).toBe(null);
    expect(segments.at(-1)?.spec.end_ticks).toBe(null);
    for (const [index, { spec }] of segments.slice(1).entries())
      expect(spec.start_ticks).toBe(segments[index]?.spec.end_ticks);
  });

  it('needs of a worker the encoder of the task and no other', () => {
    expect(plan.tasks.map(({ encoders }) => encoders.join())).toEqual([...Array(6).fill('libx264'), 'aac', '']);
  });

  it('has no task for the rest when there is nothing but a picture', () => {
    expect(planEncode(facts({ media: media([video()]) })).tasks.map(({ kind }) => kind)).not.toContain('audio');
  });

  it('counts from the start of the whole file, not of the picture', () => {
    const info = media([video({ start_ticks: 12_800 }), audio()], { start_seconds: 0.5 });
    const [first] = planEncode(facts({ media: info })).tasks;
    expect(first?.spec).toMatchObject({ origin_ticks: 6400 });
  });

  it('promises no picture after the end of the file, though FFmpeg counts the delay of an edit list twice', () => {
    const late = video({ start_ticks: 19_200, duration_seconds: 2 });
    const info = media([late, audio({ duration_seconds: 2.6 })], { duration_seconds: 2.6 });
    const plan = planEncode(facts({ media: info, keyframes: [] }));
    expect(plan.tasks.at(-1)?.spec).toMatchObject({ expect: { video_seconds: 2.6 } });
  });

  it.each([
    ['av1', 'mov,mp4,m4a,3gp,3g2,mj2', 512],
    ['mjpeg', 'mov,mp4,m4a,3gp,3g2,mj2', 512],
    ['h264', 'mov,mp4,m4a,3gp,3g2,mj2', null],
    ['av1', 'matroska,webm', null],
  ])('begins with the first frame that is shown where the decoder gives hidden ones: %s in %s', (codec, format, at) => {
    const info = media([video({ codec, start_ticks: 512 }), audio()], { format });
    const [first] = planEncode(facts({ media: info })).tasks;
    expect(first?.spec).toMatchObject({ start_ticks: at });
  });
});

describe('a promise about the rate of a file that is cut', () => {
  const plan = (encode: Parameters<typeof request>[1]) => planEncode(facts({ request: request('h264', encode) })).tasks;

  it('of an average has every segment measured first, beside the sound', () => {
    const tasks = plan({ crf: null, video_bitrate: 1_000_000 });
    expect(tasks.map(({ kind, waits }) => `${kind}${waits ? ' waits' : ''}`)).toEqual([
      ...Array(6).fill('measure'),
      ...Array(6).fill('segment waits'),
      ...['audio', 'assemble waits'],
    ]);
    const intervals = (wanted: string) =>
      tasks.flatMap(({ kind, spec }) =>
        kind === wanted && 'end_ticks' in spec ? [[spec.start_ticks, spec.end_ticks]] : [],
      );
    expect(intervals('measure')).toEqual(intervals('segment'));
  });

  it('of a limit at a constant quality needs no first pass', () => {
    const tasks = plan({ crf: 21, maxrate: 6_000_000, bufsize: 6_000_000 });
    expect(tasks.map(({ kind }) => kind)).not.toContain('measure');
    expect(tasks[0]).toMatchObject({
      waits: false,
      spec: { rate: { share: null, limit: { maxrate: 5_400_000, bufsize: 3_000_000 }, level: 40 } },
    });
  });

  it('is none where a quality alone is asked for', () => {
    expect(plan({})[0]).toMatchObject({ kind: 'segment', waits: false, spec: { rate: null } });
  });
});

describe('a file that is not cut says why', () => {
  const whole = (info: MediaInfo, asked = request()) => planEncode(facts({ media: info, request: asked }));

  it.each([
    ['segmenting is off', media(), request('h264', {}, { segment: { mode: 'off' } })],
    ['packets are copied', media(), request('copy')],
    ['sound only', media(), request('audio')],
    ['the container cannot be joined', media(), request('h264', {}, { output: '/media/out.ts' })],
    ['an average bit rate with this encoder', media(), request('av1', { crf: null, video_bitrate: 1_000_000 })],
    ['the rate limit leaves no room for seams', media(), request('h264', { maxrate: 1_000_000, bufsize: 3_000_000 })],
    [
      'the rate limit leaves no room for seams',
      media(),
      request('hevc', { crf: null, video_bitrate: 950_000, maxrate: 1_000_000, bufsize: 1_000_000 }),
    ],
    ['the duration is unknown', media(undefined, { duration_seconds: null }), request()],
    ['too short', media(undefined, { duration_seconds: 19.9 }), request()],
    ['the source cannot be sought exactly', media(undefined, { format: 'mpegts' }), request()],
    ['interlaced', media([video({ field_order: 'tt' })]), request()],
    ['Dolby Vision', media([video({ hdr: 'dolby_vision' })]), request('hevc')],
    ['HDR10+', media([video({ hdr: 'hdr10_plus' })]), request('hevc')],
    ['HDR10 metadata with this encoder', media([video({ hdr: 'hdr10' })]), request('av1')],
    ['variable frame rate', media([video({ frame_rate_mode: 'variable' })]), request('h264', { video_codec: 'mpeg2' })],
  ])('%s', (reason, info, asked) => {
    const plan = whole(info, asked);
    expect(plan.unsplitReason).toBe(reason);
    expect(plan.tasks.map(({ kind }) => kind)).toEqual(['transcode']);
  });

  it('no keyframes to cut at', () => {
    expect(planEncode(facts({ keyframes: [] })).unsplitReason).toBe('no keyframes to cut at');
  });

  it('what the caller knows stands above all', () => {
    expect(planEncode(facts({ whole: 'join_mismatch' })).unsplitReason).toBe('join_mismatch');
  });

  it('while a variable frame rate is no reason', () => {
    expect(whole(media([video({ frame_rate_mode: 'variable' }), audio()])).unsplitReason).toBe(null);
  });
});

describe('what cannot be done', () => {
  it.each([
    ['no_video_stream', media([audio()]), request()],
    ['no_audio_stream', media([video()]), request('audio')],
    ['no_streams', media([]), request()],
    ['no_encoder', media(), request('h264', { audio_codec: 'ac3' })],
    ['no_encoder', media(), request('h264', { video_encoder: 'h264_nvenc' })],
    ['codec_not_in_container', media(), request('h264', {}, { output: '/media/out.webm' })],
    ['codec_not_in_container', media([video({ codec: 'vp9' })]), request('copy', {}, { output: '/media/out.mov' })],
    ['codec_not_in_container', media([video(), audio({ codec: 'pcm_s24le' })]), request('lossless')],
    ['codec_not_in_container', media(), request('h264', {}, { output: '/media/out.m4a' })],
    ['invalid_options', media(), request('av1', { pixel_format: 'yuv444p' })],
    ['invalid_options', media(), request('lossless', { video_codec: 'av1' })],
    ['invalid_options', media(), request('h264', { video_codec: 'none', audio_codec: 'none' })],
  ])('%s', (code, info, asked) => {
    expect(() => planEncode(facts({ media: info, request: asked }))).toThrow(expect.objectContaining({ code }));
  });

  it('names what the container can hold', () => {
    const asked = request('h264', {}, { output: '/media/out.webm' });
    expect(() => planEncode(facts({ request: asked }))).toThrow('webm cannot hold h264; it can hold av1, vp9');
  });
});

describe('the encoder', () => {
  it('is the first that some worker has proved', () => {
    const planned = (provedEncoders: string[]) =>
      planEncode(facts({ request: request('av1'), provedEncoders })).tasks[0]?.encoders;
    expect(planned(['libsvtav1', 'libaom-av1', 'libopus'])).toEqual(['libsvtav1']);
    expect(planned(['libaom-av1', 'libopus'])).toEqual(['libaom-av1']);
  });
});

describe('subtitles', () => {
  const info = media([
    ...[video(), audio(), other('subtitle', 2, 'subrip'), other('subtitle', 3, 'hdmv_pgs_subtitle')],
    ...[other('subtitle', 4, 'mov_text'), other('attachment', 5, 'ttf'), other('data', 6, 'bin_data')],
  ]);

  it.each([
    [
      '/media/out.mkv',
      'h264',
      [
        [2, 'copy'],
        [3, 'copy'],
        [4, 'subrip'],
      ],
      [5],
    ],
    [
      '/media/out.mp4',
      'h264',
      [
        [2, 'mov_text'],
        [4, 'copy'],
      ],
      [],
    ],
    [
      '/media/out.webm',
      'av1',
      [
        [2, 'webvtt'],
        [4, 'webvtt'],
      ],
      [],
    ],
  ] as const)('become in %s what the container holds', (output, profile, subtitles, attachments) => {
    const { tasks } = planEncode(facts({ media: info, request: request(profile, {}, { output }) }));
    const rest = tasks.find((task) => task.kind === 'audio');
    expect(rest?.spec.subtitles.map(({ index, codec }) => [index, codec])).toEqual(subtitles);
    expect(rest?.spec.attachments).toEqual(attachments);
  });
});
