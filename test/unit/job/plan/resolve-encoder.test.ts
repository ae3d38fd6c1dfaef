import { describe, expect, it, test } from 'vitest';
import type { VideoStream } from '../../../../shared/job/media.ts';
import { planEncode } from '../../../../shared/job/plan/plan-encode.ts';
import { resolveVideoEncoder } from '../../../../shared/job/plan/resolve-encoder.ts';
import type { EncodeOptions, HardwareWish } from '../../../../shared/job/profile.ts';
import { facts, media, PROVED, request, video } from './sample-facts.ts';

type Asked = { encode?: Partial<EncodeOptions>; stream?: Partial<VideoStream>; proved?: readonly string[] };
const GPUS = ['hevc_qsv', 'hevc_vaapi', 'hevc_nvenc', 'hevc_nvenc_10bit'];

function encoder({ encode = {}, stream = {}, proved = [...PROVED, ...GPUS] }: Asked): string {
  const options = request('hevc', encode).encode;
  return resolveVideoEncoder({ codec: 'hevc', options, stream: video(stream), proved });
}

describe('hevc is made by', () => {
  it.each<[string, HardwareWish, readonly string[] | undefined]>([
    ['libx265', 'auto', undefined],
    ['hevc_nvenc', 'auto', GPUS],
    ['libx265', 'never', undefined],
    ['hevc_nvenc', 'prefer', undefined],
    ['hevc_vaapi', 'prefer', [...PROVED, 'hevc_vaapi', 'hevc_qsv']],
    ['libx265', 'prefer', PROVED],
    ['hevc_nvenc', 'require', undefined],
  ])('%s where hardware is: %s, and proved is %s', (expected, hardware, proved) => {
    expect(encoder({ encode: { hardware }, ...(proved && { proved }) })).toBe(expected);
  });

  it('nobody where what is let in was not proved', () => {
    const noEncoder = expect.objectContaining({ code: 'no_encoder' });
    expect(() => encoder({ encode: { hardware: 'require' }, proved: PROVED })).toThrow(noEncoder);
    expect(() => encoder({ encode: { hardware: 'never' }, proved: GPUS })).toThrow(noEncoder);
    expect(() => encoder({ encode: { video_encoder: 'hevc_qsv' }, proved: PROVED })).toThrow(noEncoder);
  });
});

describe('ten bits', () => {
  const stream = { pixel_format: 'yuv420p10le' };
  it('go to hardware that proved them', () => {
    expect(encoder({ encode: { hardware: 'prefer' }, stream })).toBe('hevc_nvenc');
  });
  it('stay ten bits there, on workers that proved them', () => {
    const made = planEncode(
      facts({
        media: media([video(stream)]),
        request: request('hevc', { hardware: 'prefer' }),
        provedEncoders: [...PROVED, ...GPUS],
      }),
    ).tasks.find(({ kind }) => kind === 'segment');
    expect(made).toMatchObject({
      encoders: ['hevc_nvenc_10bit'],
      spec: { settings: { encoder: 'hevc_nvenc', pixel_format: 'yuv420p10le' } },
    });
  });
  it('go to software, or to the next hardware, where it did not', () => {
    expect(encoder({ encode: { hardware: 'prefer' }, stream, proved: ['libx265', 'hevc_nvenc'] })).toBe('libx265');
    expect(encoder({ encode: { hardware: 'prefer' }, stream, proved: ['hevc_nvenc', 'hevc_qsv_10bit'] })).toBe(
      'hevc_qsv',
    );
  });
});

describe('software takes what hardware would lose', () => {
  it.each<[string, Partial<EncodeOptions>, Partial<VideoStream>]>([
    ['samples', { lossless: true, crf: null }, {}],
    ['a limit', { maxrate: 1, bufsize: 1 }, {}],
    ['metadata of HDR10', {}, { hdr: 'hdr10' }],
    ['fields', {}, { field_order: 'tt' }],
    ['chroma', { pixel_format: 'yuv444p' }, {}],
  ])('%s', (_what, encode, stream) => {
    expect(encoder({ encode: { ...encode, hardware: 'prefer' }, stream })).toBe('libx265');
    expect(() => encoder({ encode: { ...encode, hardware: 'require' }, stream })).toThrow(
      expect.objectContaining({ code: 'invalid_options' }),
    );
  });

  it('but nothing of HLG, whose tags are all there is', () => {
    expect(encoder({ encode: { hardware: 'prefer' }, stream: { hdr: 'hlg' } })).toBe('hevc_nvenc');
  });
});

test('a job in hardware is cut for the slots of that hardware', () => {
  const proved = [...PROVED, ...GPUS];
  const segments = (slots: number, nvenc: number, hardware: HardwareWish) =>
    planEncode(
      facts({ request: request('hevc', { hardware }), provedEncoders: proved, slots, hardwareSlots: { nvenc } }),
    ).tasks.filter(({ kind }) => kind === 'segment');
  expect(segments(1, 4, 'prefer')).toHaveLength(segments(4, 1, 'never').length);
  expect(segments(4, 1, 'prefer')).toHaveLength(segments(1, 4, 'never').length);
  expect(segments(1, 4, 'prefer')).not.toHaveLength(segments(1, 4, 'never').length);
  expect(segments(1, 4, 'prefer')[0]).toMatchObject({ encoders: ['hevc_nvenc'] });
});
