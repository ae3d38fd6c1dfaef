import { readFileSync } from 'node:fs';

/** The label that says which process a container or network belongs to. */
export const OWNER_LABEL = 'ffmill.test.owner';

/** This process, as no other will ever be called: the pid alone may come again. */
export const owner = (): string => ownerOf(process.pid) ?? String(process.pid);

/** Whether the process that a label names is still there. */
export function isOwnerAlive(label: string): boolean {
  return ownerOf(Number.parseInt(label, 10)) === label;
}

function ownerOf(pid: number): string | undefined {
  try {
    // proc(5): after the command's closing bracket the 20th field is the start time
    const startTime = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
    return `${pid}-${startTime}`;
  } catch {
    return undefined;
  }
}
