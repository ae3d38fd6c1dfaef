/**
 * Frames keep the time stamps that the source gave them, in its time base; nothing is doubled or dropped to meet a
 * rate. MPEG-2 knows only the rates of its standard and no time base.
 */
export function videoTimingArgs(encoder: string): string[] {
  const timeBase = encoder === 'mpeg2video' ? [] : ['-enc_time_base:v', '-1'];
  return ['-fps_mode:v', 'passthrough', ...timeBase];
}
