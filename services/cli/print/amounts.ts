/** `1:02:03`, `0:07`: hours only when there are any. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, place) => (place === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes with three significant digits, in powers of 1000: `512 B`, `1.43 MB`. */
export function byteSize(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const amount = bytes / 1000 ** power;
  const digits = power === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(amount)));
  return `${amount.toFixed(digits)} ${UNITS[power]}`;
}

/** `42 %`; never 100 before it is all done. */
export function percent(part: number): string {
  return `${Math.floor(Math.min(1, Math.max(0, part)) * 100 + 1e-9)} %`;
}

/** `1 segment`, `3 segments`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
