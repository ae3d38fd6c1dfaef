import { execa } from 'execa';

/** Runs the Docker client; its output. Fails with the client's own words. */
export async function docker(...args: readonly string[]): Promise<string> {
  const { stdout } = await execa('docker', args);
  return stdout;
}
