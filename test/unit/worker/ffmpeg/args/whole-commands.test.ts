import { describe, expect, it } from 'vitest';
import { audioArgs } from '../../../../../services/worker/ffmpeg/args/audio-args.ts';
import { damageArgs } from '../../../../../services/worker/ffmpeg/args/damage-args.ts';
import { decodeArgs } from '../../../../../services/worker/ffmpeg/args/decode-args.ts';
import { firstPacketArgs } from '../../../../../services/worker/ffmpeg/args/first-packet-args.ts';
import { frameTimesArgs } from '../../../../../services/worker/ffmpeg/args/frame-times-args.ts';
import { joinArgs } from '../../../../../services/worker/ffmpeg/args/join-args.ts';
import { measureArgs } from '../../../../../services/worker/ffmpeg/args/measure-args.ts';
import { remuxArgs } from '../../../../../services/worker/ffmpeg/args/remux-args.ts';
import { segmentArgs } from '../../../../../services/worker/ffmpeg/args/segment-args.ts';
import { RISING, RISING_OR_BACK } from '../../../../../services/worker/ffmpeg/args/source-filter.ts';
import { ssimArgs } from '../../../../../services/worker/ffmpeg/args/ssim-args.ts';
import { transcodeArgs } from '../../../../../services/worker/ffmpeg/args/transcode-args.ts';
import { media, video } from '../../../job/plan/sample-facts.ts';
import { line } from './command-line.ts';
import { assembleSpec, audioSpec, segmentSpec, transcodeSpec, videoSettings } from './sample-specs.ts';

it('of frames of one moment the first is kept', () => {
  expect(RISING).toBe("select='isnan(prev_selected_pts)+gt(pts,prev_selected_pts)'");
  expect(RISING_OR_BACK).toBe(RISING.replace(/'$/, "+lt(t,prev_selected_t-1)'"));
});

describe('segment', () => {
  const run = { source: '/media/in.mp4', output: '/s/segment.mp4', threads: 1 };

  it('in the middle', () => {
    expect(line(segmentArgs({ ...run, spec: segmentSpec() }))).toBe(
      '-y -xerror -filter_threads 1 -threads 1 -copyts -noaccurate_seek -seek_timestamp 1 -ss 9.500000 ' +
        '<guard> -i file:/media/in.mp4 -map 0:0 -vf trim=start_pts=128000:end_pts=256000,format=yuv420p ' +
        '-fps_mode:v passthrough -enc_time_base:v -1 ' +
        '-c:v libx264 -preset:v medium -crf:v 21 -threads:v 1 -g:v 50 ' +
        '-colorspace:v bt709 -color_trc:v bt709 -color_primaries:v bt709 ' +
        '-map_metadata -1 -map_chapters -1 -f mp4 -avoid_negative_ts disabled -use_editlist 0 -output_ts_offset 1000 ' +
        '-movflags +frag_keyframe+empty_moov+default_base_moof+frag_discont+skip_trailer file:/s/segment.mp4',
    );
  });

  it('at the beginning seeks nowhere, at the end reads to the end', () => {
    const first = line(segmentArgs({ ...run, spec: segmentSpec({ start_ticks: null }) }));
    expect(first).not.toContain('-ss');
    expect(first).toContain('-vf trim=end_pts=256000,format=yuv420p ');
    const last = line(segmentArgs({ ...run, spec: segmentSpec({ end_ticks: null }) }));
    expect(last).toContain('-vf trim=start_pts=128000,format=yuv420p ');
  });

  it('of a source that begins at an hour counts from there', () => {
    const hour = 3600 * 12_800;
    const spec = segmentSpec({ origin_ticks: hour, start_ticks: hour + 128_000, end_ticks: hour + 256_000 });
    const command = line(segmentArgs({ ...run, spec }));
    expect(command).toContain('-ss 3609.500000 ');
    expect(command).toContain('-vf setpts=PTS-(46080000),trim=start_pts=128000:end_pts=256000,format=yuv420p ');
  });

  it('scales after the trim and keeps the shape of the pixels', () => {
    const settings = videoSettings({ scale: { width: 640, height: 360 }, pixel_aspect: { num: 64, den: 45 } });
    expect(line(segmentArgs({ ...run, spec: segmentSpec({ settings }) }))).toContain(
      '-vf trim=start_pts=128000:end_pts=256000,scale=640:360:flags=bicubic+accurate_rnd,setsar=64/45,format=yuv420p ',
    );
  });
});

describe('the first pass over a segment', () => {
  it('keeps nothing but its statistics', () => {
    const { kind: _, ...interval } = segmentSpec({ settings: videoSettings({ crf: null, bitrate: 1_000_000 }) });
    expect(line(measureArgs({ spec: interval, source: '/media/in.mp4', prefix: '/s/pass', threads: 1 }))).toBe(
      '-y -xerror -filter_threads 1 -threads 1 -copyts -noaccurate_seek -seek_timestamp 1 -ss 9.500000 ' +
        '<guard> -i file:/media/in.mp4 -map 0:0 -vf <rising>,trim=start_pts=128000:end_pts=256000,format=yuv420p ' +
        '-fps_mode:v passthrough -enc_time_base:v -1 ' +
        '-c:v libx264 -preset:v medium -crf:v 23 -pass:v 1 -passlogfile:v /s/pass -threads:v 1 -g:v 50 ' +
        '-colorspace:v bt709 -color_trc:v bt709 -color_primaries:v bt709 -f null -',
    );
  });
});

describe('audio', () => {
  const run = { source: '/media/in.mp4', output: '/s/rest.mp4' };

  it('to MP4', () => {
    expect(line(audioArgs({ ...run, spec: audioSpec({ subtitles: [{ index: 3, codec: 'mov_text' }] }) }))).toBe(
      '-y -filter_threads 1 <guard> -i file:/media/in.mp4 -map 0:1 -map 0:2 -c:a aac -b:a 160000 ' +
        '-map 0:3 -c:s:0 mov_text -strict experimental -movie_timescale 12800 -f mp4 file:/s/rest.mp4',
    );
  });

  it('copied to Matroska, with what only that holds', () => {
    const settings = { codec: 'copy', encoder: null, bitrate: null, channels: null, from_zero: true } as const;
    const spec = audioSpec({
      container: 'matroska',
      settings,
      subtitles: [{ index: 3, codec: 'copy' }],
      attachments: [5],
    });
    expect(line(audioArgs({ ...run, spec: { ...spec, shifted: true } }))).toBe(
      '-y -filter_threads 1 <guard> -i file:/media/in.mp4 -map 0:1 -map 0:2 -c:a copy -copypriorss:a 0 ' +
        '-map 0:3 -c:s:0 copy -map 0:5 -c:t copy ' +
        '-avoid_negative_ts disabled -output_ts_offset 1000 -f matroska file:/s/rest.mp4',
    );
  });

  it('as Opus in a layout that Opus knows', () => {
    const settings = { codec: 'opus', encoder: 'libopus', bitrate: 128_000, channels: 6, from_zero: false } as const;
    expect(line(audioArgs({ ...run, spec: audioSpec({ container: 'webm', settings, audio: [1] }) }))).toBe(
      '-y -xerror -filter_threads 1 <guard> -i file:/media/in.mp4 -map 0:1 -c:a libopus ' +
        '-af aformat=channel_layouts=7.1|6.1|5.1|5.0|quad|3.0|stereo|mono -b:a 128000 -ac 6 -f webm file:/s/rest.mp4',
    );
  });
});

describe('join', () => {
  const run = { source: '/media/in.mp4', output: '/media/part', delayLost: [] };

  it('to MP4', () => {
    expect(line(joinArgs({ ...run, rest: '/s/rest', spec: assembleSpec() }))).toBe(
      '-y -copyts <guard> -i file:/s/rest -thread_queue_size 128 -itsoffset -1000 -f mov -i pipe:0 ' +
        '-thread_queue_size 128 <guard> -i file:/s/rest ' +
        '-map 1:v:0 -map 2:a? -map 2:s? -map 2:t? -c copy -map_metadata 0 -map_chapters 0 -disposition:v:0 default ' +
        '-movie_timescale 12800 -movflags +faststart -strict experimental -f mp4 file:/media/part',
    );
  });

  it('to Matroska, with sound that is read too early', () => {
    const { expect: one } = assembleSpec();
    const spec = assembleSpec({ rest_shifted: true, expect: { ...one, audio_streams: 2 } });
    expect(line(joinArgs({ ...run, rest: '/s/rest', delayLost: [0, 7], spec }))).toContain(
      '-c copy -map_metadata 0 -map_chapters 0 -bsf:a:1 setts=ts=TS+(7) -disposition:v:0',
    );
  });

  it('to MP4, with copied sound, whose last packet may lack its duration', () => {
    const { expect: made } = assembleSpec();
    const spec = assembleSpec({ expect: { ...made, encoded: ['video'] } });
    expect(line(joinArgs({ ...run, rest: '/s/rest', spec }))).toContain(
      String.raw`-map_chapters 0 -bsf:a:0 setts=duration=if(gt(DURATION\,0)\,DURATION\,PREV_INDURATION) -disposition:v:0`,
    );
  });

  it('to Matroska, with a rest that is late', () => {
    const base = assembleSpec();
    const spec = assembleSpec({
      rest_shifted: true,
      target: { ...base.target, container: 'matroska' },
      video: { ...base.video, language: 'eng', title: 'A title', dispositions: [] },
    });
    expect(line(joinArgs({ ...run, rest: '/s/rest', spec }))).toBe(
      '-y -copyts <guard> -i file:/s/rest -thread_queue_size 128 -itsoffset -1000 -f mov -i pipe:0 ' +
        '-thread_queue_size 128 -itsoffset -1000 <guard> -i file:/s/rest ' +
        '-map 1:v:0 -map 2:a? -map 2:s? -map 2:t? -c copy -map_metadata 0 -map_chapters 0 ' +
        '-metadata:s:v:0 language=eng -metadata:s:v:0 title=A title -disposition:v:0 0 -f matroska file:/media/part',
    );
  });

  it('of nothing but a picture takes tags and chapters from the source', () => {
    const spec = assembleSpec({ rest: null, origin_seconds: 3600 });
    expect(line(joinArgs({ ...run, rest: null, spec }))).toBe(
      '-y -copyts -itsoffset -3600 <guard> -i file:/media/in.mp4 -thread_queue_size 128 -itsoffset -1000 -f mov -i pipe:0 ' +
        '-map 1:v:0 -c copy -map_metadata 0 -map_chapters 0 -disposition:v:0 default ' +
        '-movie_timescale 12800 -movflags +faststart -strict experimental -f mp4 file:/media/part',
    );
  });

  it('takes attached files from the source where they are the only rest', () => {
    const spec = assembleSpec({ rest: null, attachments: [1, 2] });
    expect(line(joinArgs({ ...run, rest: null, spec }))).toContain('-map 1:v:0 -map 0:1 -map 0:2 -c copy ');
  });
});

describe('transcode', () => {
  const run = { source: '/media/in.mp4', output: '/media/part', threads: 2 };

  it('of picture and sound', () => {
    const command = line(
      transcodeArgs({ ...run, spec: transcodeSpec({ subtitles: [{ index: 2, codec: 'mov_text' }] }) }),
    );
    expect(command).toBe(
      '-y -filter_threads 1 -threads 2 <guard> -i file:/media/in.mp4 -map 0:0 -vf <rising or back>,format=yuv420p ' +
        '-fps_mode:v passthrough -enc_time_base:v -1 -c:v libx264 -preset:v medium -crf:v 21 -threads:v 2 -g:v 50 ' +
        '-colorspace:v bt709 -color_trc:v bt709 -color_primaries:v bt709 -map 0:1 -c:a aac -b:a 160000 ' +
        '-map 0:2 -c:s:0 mov_text -movie_timescale 12800 -movflags +faststart -strict experimental -f mp4 file:/media/part',
    );
  });

  it('of a picture whose decoder gives frames that an edit list hides', () => {
    const info = media([video({ codec: 'av1', start_ticks: 512 })], { start_seconds: 0.02 });
    expect(line(transcodeArgs({ ...run, spec: transcodeSpec({ media: info }) }))).toContain(
      '-vf <rising or back>,trim=start_pts=256,format=yuv420p ',
    );
  });

  it('that copies', () => {
    const spec = transcodeSpec({ video: 'copy', audio: { ...audioSpec().settings, codec: 'copy', encoder: null } });
    expect(line(transcodeArgs({ ...run, spec }))).toBe(
      '-y -filter_threads 1 -threads 2 <guard> -i file:/media/in.mp4 -map 0:0 -c:v copy -map 0:1 -c:a copy ' +
        '-movie_timescale 12800 -movflags +faststart -strict experimental -f mp4 file:/media/part',
    );
  });

  it('of what strictness would take for damage is lenient', () => {
    const command = line(transcodeArgs({ ...run, spec: transcodeSpec(), lenient: true }));
    expect(command).toMatch(/^-y -filter_threads 1 -threads 2 <guard> /);
    expect(command).toContain('-c:a aac -af aresample=async=1 -b:a 160000');
  });

  it('of the sound alone', () => {
    const target = { ...transcodeSpec().target, container: 'm4a' } as const;
    expect(line(transcodeArgs({ ...run, spec: transcodeSpec({ video: null, target }) }))).toBe(
      '-y -xerror -filter_threads 1 -threads 2 <guard> -i file:/media/in.mp4 -vn -map 0:1 -c:a aac -b:a 160000 ' +
        '-movflags +faststart -f ipod file:/media/part',
    );
  });
});

it('first packet', () => {
  const run = { path: '/s/rest.mkv', streamIndex: 1, output: '/s/scratch' };
  expect(line(firstPacketArgs(run))).toBe(
    '-y -copyts <guard> -i file:/s/rest.mkv -map 0:1 -c copy -frames:a 1 ' +
      '-avoid_negative_ts disabled -f matroska file:/s/scratch',
  );
});

describe('remux', () => {
  const clock = { timeBase: { num: 1, den: 90_000 }, seconds: 7200 };
  const run = { source: '/media/in.ts', streams: [1, 2], clock };

  it('to Matroska', () => {
    expect(line(remuxArgs({ ...run, format: 'matroska', output: '/s/source.mkv' }))).toBe(
      '-y -fflags +genpts <guard> -i file:/media/in.ts -map 0:1 -map 0:2 -c copy -f matroska file:/s/source.mkv',
    );
  });

  it.each([
    ['of a finer clock', 90_000, 7200, '-movie_timescale 90000 '],
    ['of frames', 25, 7200, '-movie_timescale 10000 '],
    ['unless a chapter might be too long for it', 10_000_000, 215, ''],
  ])('to QuickTime, with a movie on the clock of its picture, %s', (_, den, seconds, timescale) => {
    const clock = { timeBase: { num: 1, den }, seconds };
    expect(line(remuxArgs({ ...run, clock, format: 'mov', output: '/s/source.mov' }))).toBe(
      '-y -fflags +genpts <guard> -i file:/media/in.ts -map 0:1 -map 0:2 -c copy ' +
        `${timescale}-f mov file:/s/source.mov`,
    );
  });
});

describe('verification', () => {
  it('reads the time stamps without decoding', () => {
    expect(line(frameTimesArgs('/media/part'))).toBe(
      '-hide_banner -loglevel level+error -select_streams v:0 -show_entries packet=pts,size:stream=time_base -of csv ' +
        '<guard> -i file:/media/part',
    );
  });

  it.each([
    ['first second', '-threads 1 <guard> -i file:/media/part -t 1 '],
    ['last second', '-threads 1 -sseof -1 <guard> -i file:/media/part '],
    ['all of it', '-threads 1 <guard> -i file:/media/part '],
  ] as const)('decodes the %s', (stretch, begin) => {
    const rest = '-map 0:v -map 0:a -fps_mode passthrough -enc_time_base:v -1 -f null -';
    expect(line(decodeArgs({ path: '/media/part', stretch, types: ['video', 'audio'], threads: 1 }))).toBe(
      begin + rest,
    );
  });

  it('compares every n-th frame with the source', () => {
    const source = { path: '/media/in.mp4', streamIndex: 0, firstShown: 256 };
    expect(line(ssimArgs({ result: '/media/part', source, settings: videoSettings(), everyNth: 6 }))).toBe(
      '-hide_banner -nostdin -nostats -loglevel level+error <guard> -i file:/media/part <guard> -i file:/media/in.mp4 ' +
        '-filter_complex [0:v:0]select=not(mod(n\\,6)),settb=1/25,setpts=N,format=yuv420p[made];' +
        '[1:0]<rising>,trim=start_pts=256,select=not(mod(n\\,6)),settb=1/25,setpts=N,format=yuv420p[meant];[made][meant]ssim=stats_file=-[compared] ' +
        '-map [compared] -f null /dev/null',
    );
  });
});

describe('a damaged source', () => {
  const look = { path: '/media/in.mp4', stream: 0, type: 'video', from: 10, to: 20 } as const;

  it('is looked through in one thread, a stretch with a little around it', () => {
    expect(line(damageArgs(look))).toBe(
      '-loglevel level+info -debug_ts -threads 1 -copyts -noaccurate_seek -seek_timestamp 1 -ss 9.500000 ' +
        '<guard> -i file:/media/in.mp4 -map 0:0 -vf trim=end=22.000000 -fps_mode passthrough -enc_time_base:v -1 -f null -',
    );
  });

  it('is looked through up to the first cut, and where it is sound', () => {
    expect(line(damageArgs({ ...look, stream: 1, type: 'audio', from: null }))).toBe(
      '-loglevel level+info -debug_ts -threads 1 -copyts <guard> -i file:/media/in.mp4 ' +
        '-map 0:1 -af atrim=end=22.000000 -f null -',
    );
  });

  it('is encoded without strictness when it is to be concealed', () => {
    const args = (on_error: 'fail' | 'conceal') =>
      segmentArgs({ spec: segmentSpec({ on_error }), source: '/media/in.mp4', output: '/s/0', threads: 1 });
    expect(args('fail')).toContain('-xerror');
    expect(args('conceal')).not.toContain('-xerror');
    expect(line(args('conceal'))).toContain('-vf <rising>,trim=');
  });
});
