/** An option with its value; nothing where there is none. */
export function optional(option: string, value: string | number | null): string[] {
  return value === null ? [] : [option, String(value)];
}
