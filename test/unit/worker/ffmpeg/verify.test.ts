import { describe, expect, it } from 'vitest';
import { everyKeyframeIsWhole } from '../../../../services/worker/ffmpeg/keyframes-stand-alone.ts';
import { collectFrameTimes, type FrameTimes } from '../../../../services/worker/ffmpeg/read-frame-times.ts';
import { verifyDuration } from '../../../../services/worker/ffmpeg/verify-duration.ts';
import { verifyFrames } from '../../../../services/worker/ffmpeg/verify-frames.ts';
import { verifySeams } from '../../../../services/worker/ffmpeg/verify-seams.ts';
import { verifyStreams } from '../../../../services/worker/ffmpeg/verify-streams.ts';
import { audio, media, video } from '../../job/plan/sample-facts.ts';
import { assembleSpec } from './args/sample-specs.ts';

/** 500 frames of 512 ticks, as `assembleSpec` describes them. */
const TICKS = Array.from({ length: 500 }, (_, index) => index * 512);
const TIME_BASE = { num: 1, den: 12_800 };
const joined = (ticks: readonly number[] = TICKS): FrameTimes => ({ ticks, timeBase: TIME_BASE, bytes: [] });
const code = (name: string) => expect.objectContaining({ code: name });

describe('seams', () => {
  const inMatroska = assembleSpec({ target: { ...assembleSpec().target, container: 'matroska' } });
  const milliseconds = (shift: number) => ({
    ticks: TICKS.map((tick) => Math.round(tick / 12.8) + shift),
    timeBase: { num: 1, den: 1000 },
    bytes: [],
  });

  it('are continuous where every frame stands where its segment had it', () => {
    expect(verifySeams(joined(), assembleSpec())).toEqual(['1 seams continuous']);
  });

  it('allow a coarser clock its rounding, and Matroska to move all by a run-up', () => {
    expect(() => verifySeams(milliseconds(0), inMatroska)).not.toThrow();
    expect(() => verifySeams(milliseconds(21), inMatroska)).not.toThrow();
    expect(() => verifySeams(milliseconds(-21), inMatroska)).toThrow(code('join_mismatch'));
    expect(() => verifySeams(milliseconds(500), inMatroska)).toThrow(code('join_mismatch'));
  });

  it.each<[string, readonly number[]]>([
    ['a frame is missing', TICKS.filter((_, index) => index !== 100)],
    ['the file is moved', TICKS.map((tick) => tick + 1)],
    ['a segment is moved', TICKS.map((tick, index) => (index < 250 ? tick : tick + 512))],
    ['a segment is stretched', TICKS.map((tick, index) => (index === 499 ? tick + 1 : tick))],
  ])('are refused when %s', (_what, ticks) => {
    expect(() => verifySeams(joined(ticks), assembleSpec())).toThrow(code('join_mismatch'));
  });

  it('are refused when the plan itself has a hole', () => {
    const spec = assembleSpec();
    const segments = spec.segments.map((part) =>
      part.ordinal === 0 ? part : { ...part, first_ticks: part.first_ticks + 512, last_ticks: part.last_ticks + 512 },
    );
    const ticks = TICKS.map((tick, index) => (index < 250 ? tick : tick + 512));
    expect(() => verifySeams(joined(ticks), { ...spec, segments })).toThrow(code('join_mismatch'));
  });
});

function timesOf(...lines: string[]): FrameTimes {
  const times = collectFrameTimes();
  for (const line of lines) times.add(line);
  return times.end();
}

describe('frames', () => {
  it('are as many as were made, each at a moment of its own', () => {
    expect(verifyFrames(joined(), 500)).toEqual(['frames 500 of 500', 'time stamps rise']);
    expect(() => verifyFrames(joined(), 501)).toThrow(code('verification_failed'));
    expect(() => verifyFrames(joined([0, 512, 512]), 3)).toThrow(code('verification_failed'));
  });

  it('are read in the order in which they are shown', () => {
    expect(timesOf('packet,1024,70', 'packet,0,9', 'packet,512,8', 'stream,1/12800')).toEqual({
      ...joined([0, 512, 1024]),
      bytes: [70, 9, 8],
    });
  });

  it('without a time stamp are refused', () => {
    expect(() => timesOf('packet,N/A,7', 'stream,1/1000')).toThrow(code('verification_failed'));
    expect(() => timesOf('packet,0,7')).toThrow(code('verification_failed'));
  });
});

describe('the duration', () => {
  const { expect: planned } = assembleSpec();
  const seconds = TICKS.map((tick) => tick / 12_800);

  it('is that of the source, but for the fractions by which headers are wrong', () => {
    expect(verifyDuration({ endSeconds: 19.7, startSeconds: 0, frameSeconds: seconds }, planned)).toBe(
      'duration 19.700 s',
    );
  });

  it.each<[string, number, readonly number[]]>([
    ['the picture', 22, seconds.slice(0, 400)],
    ['the file', 20, seconds],
  ])('of %s that ends early means a damaged input', (_what, endSeconds, frameSeconds) => {
    const longerSound = { ...planned, duration_seconds: 22 };
    expect(() => verifyDuration({ endSeconds, startSeconds: 0, frameSeconds }, longerSound)).toThrow(
      code('input_corrupt'),
    );
  });

  it('is reached by a last picture of which the container does not say how long it is shown', () => {
    const slides = { endSeconds: 10, startSeconds: 0, frameSeconds: [0, 10] };
    expect(() => verifyDuration(slides, planned)).not.toThrow();
  });

  it('is reached by a picture that begins late: a recording may begin between two keyframes', () => {
    const late = { endSeconds: 21.4, startSeconds: 1.4, frameSeconds: seconds.slice(100).map((at) => at + 1.4) };
    expect(() => verifyDuration(late, planned)).not.toThrow();
  });

  it('is not checked against a source that does not know it', () => {
    const unknown = { ...planned, duration_seconds: null, video_seconds: null };
    expect(() => verifyDuration({ endSeconds: 1, startSeconds: 0, frameSeconds: [0] }, unknown)).not.toThrow();
  });
});

describe('streams', () => {
  const { expect: planned } = assembleSpec();

  it('are as planned', () => {
    expect(verifyStreams(media(), planned)).toBe('streams as planned: h264 1920×1080, 1 of sound');
  });

  it('of MPEG-2 have another name in FFmpeg', () => {
    const made = media([video({ codec: 'mpeg2video' }), audio()]);
    expect(() => verifyStreams(made, { ...planned, video_codec: 'mpeg2' })).not.toThrow();
  });

  it.each([
    ['no sound', media([video()])],
    ['no picture', media([audio()])],
    ['another codec', media([video({ codec: 'hevc' }), audio()])],
    ['another size', media([video({ width: 1280 }), audio()])],
  ])('with %s are refused', (_what, made) => {
    expect(() => verifyStreams(made, planned)).toThrow(code('verification_failed'));
  });
});

it('keyframes that give no whole picture are told from those that do', () => {
  expect(everyKeyframeIsWhole('packet,K__\nframe,I\npacket,K__\nframe,I,\n')).toBe(true);
  expect(everyKeyframeIsWhole('packet,KD_\npacket,K__\nframe,I\n')).toBe(true);
  expect(everyKeyframeIsWhole('packet,K__\npacket,K__\nframe,I\n')).toBe(false);
  expect(everyKeyframeIsWhole('packet,K__\nframe,P\n')).toBe(false);
});
