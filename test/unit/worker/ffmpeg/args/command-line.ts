import { RISING, RISING_OR_BACK } from '../../../../../services/worker/ffmpeg/args/source-filter.ts';
import { inputOptions } from '../../../../../services/worker/ffmpeg/input-options.ts';

/** A command as one line. What guards every input, and what drops frames out of place, is written short. */
export function line(args: readonly string[]): string {
  const guard = inputOptions('').slice(0, -2).join(' ');
  return args
    .join(' ')
    .replaceAll(guard, '<guard>')
    .replaceAll(RISING_OR_BACK, '<rising or back>')
    .replaceAll(RISING, '<rising>');
}
