/** One line for people, with the time of day. */
export function say(line: string): void {
  process.stdout.write(`${timeOfDay(Date.now())} ${line}\n`);
}

/** Hours, minutes and seconds (UTC), as the logs of the containers have them. */
export function timeOfDay(at: number): string {
  return new Date(at).toISOString().slice(11, 21);
}
