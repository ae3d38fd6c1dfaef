import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { makeClip } from './demo/make-clip.ts';
import { EXIT } from './exit-codes.ts';
import { runCommandLine } from './run-command-line.ts';

/**
 * `npm run demo [-- IN OUT]`: makes a clip (or takes IN) and runs the transcode command on it, on this machine whatever
 * the environment says.
 */
const clip = fileURLToPath(new URL('../../demo/clip.mp4', import.meta.url));
const result = fileURLToPath(new URL('../../demo/clip.h264.mp4', import.meta.url));
const given = process.argv.slice(2);

async function demo(): Promise<number> {
  if (given.length === 0) {
    console.log('making a clip: 60 s, 1280x720, 30 fps, with a clock and a beep every second');
    await makeClip(clip);
  }
  const args = given.length > 0 ? given : ['--profile', 'h264', '--overwrite', '--', clip, result];
  console.log(`$ ffmill transcode ${args.join(' ')}`);
  const { FFMILL_URL: _farm, ...env } = process.env;
  const { stdout, stderr } = process;
  const code = await runCommandLine(['transcode', ...args], { stdout, stderr, env, cwd: process.cwd });
  if (code === EXIT.done) console.log(NEXT);
  return code;
}

const NEXT = `
Try next:
  npx ffmill transcode IN OUT --profile hevc-720p    one of your own files; npx ffmill profiles lists them all
  npx ffmill up                                      a farm that takes jobs over HTTP: npx ffmill submit IN OUT
  npx ffmill help`;

process.exitCode = await demo();
