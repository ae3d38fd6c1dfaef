import type { Acceleration } from '../acceleration.ts';
import type { Devices } from '../devices.ts';
import { inputOptions } from '../input-options.ts';
import { accelerationArgs } from './acceleration-args.ts';

/** In which format a device holds its pictures: asked for, so that software cannot step in unseen. */
const HELD: Readonly<Record<Acceleration, string>> = {
  cuda: 'cuda',
  vaapi: 'vaapi',
  videotoolbox: 'videotoolbox_vld',
};

type Decoding = {
  readonly path: string;
  /** That of the pictures in memory: `nv12` or `p010le`. */
  readonly format: string;
  /** Left out: software. */
  readonly acceleration?: Acceleration;
  readonly devices: Devices;
};

/** Decodes a file and writes the hash of each picture to standard output. */
export function decodingProofArgs({ path, format, acceleration, devices }: Decoding): string[] {
  const held = acceleration === undefined ? [] : ['-hwaccel_output_format', HELD[acceleration]];
  return [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+error'],
    ...[...accelerationArgs(acceleration, devices), ...held, ...inputOptions(path)],
    ...['-vf', `${acceleration === undefined ? '' : 'hwdownload,'}format=${format}`, '-f', 'framemd5', '-'],
  ];
}
