import { execa } from 'execa';

/** Runs docker and gives what it printed. @throws with its stderr when it fails. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await execa('docker', args);
  return stdout;
}
