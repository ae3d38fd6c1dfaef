import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline/promises';
import { SetupError, say } from './say.mjs';

/** The oldest FFmpeg that ffmill supports. */
const OLDEST_FFMPEG = 5.1;

const APT = 'apt-get update && apt-get install -y --no-install-recommends ffmpeg';
const OTHER_SYSTEMS = [
  { tool: 'brew', command: 'brew install ffmpeg' },
  { tool: 'dnf', command: 'sudo dnf install ffmpeg' },
  { tool: 'pacman', command: 'sudo pacman -S ffmpeg' },
  { tool: 'zypper', command: 'sudo zypper install ffmpeg' },
  { tool: 'apk', command: 'apk add ffmpeg' },
];

/** Sees to it that ffmpeg and ffprobe are there and new enough; installs them on Debian and Ubuntu. */
export async function ensureFfmpeg() {
  if (!isInstalled()) await install();
  if (!isInstalled()) throw new SetupError('ffmpeg and ffprobe are still not in PATH');
  const found = version();
  if (found !== undefined && found.number < OLDEST_FFMPEG) {
    throw new SetupError(`ffmpeg ${found.text} is too old: ffmill needs ${OLDEST_FFMPEG} or newer in PATH`);
  }
}

async function install() {
  if (!inPath('apt-get')) {
    const known = OTHER_SYSTEMS.find(({ tool }) => inPath(tool));
    throw new SetupError(
      `ffmpeg is missing. Install it${known ? `: ${known.command}` : ` (${OLDEST_FFMPEG} or newer) and try again`}`,
    );
  }
  const isRoot = process.getuid?.() === 0;
  const command = isRoot ? APT : `sudo sh -c '${APT}'`;
  const isInteractive = process.stdin.isTTY && process.stderr.isTTY && !process.env.CI;
  const allowed = isInteractive ? await agrees(command) : isRoot || hasPasswordlessSudo();
  if (!allowed) throw new SetupError(`ffmpeg is missing. Install it: ${command}`);

  say(`installing ffmpeg: ${command}`);
  const env = 'DEBIAN_FRONTEND=noninteractive';
  const shell = ['env', env, 'sh', '-c', APT];
  const [program = 'env', ...args] = isRoot ? shell : ['sudo', ...shell];
  const { status } = spawnSync(program, args, { stdio: ['inherit', 2, 2] });
  if (status !== 0) throw new SetupError(`that did not work (see above). Install ffmpeg by hand: ${command}`);
}

/** @param {string} command */
async function agrees(command) {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`ffmill set-up: ffmpeg is missing. Run "${command}" now? [Y/n] `);
    return /^(y(es)?)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function hasPasswordlessSudo() {
  return inPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
}

function isInstalled() {
  return inPath('ffmpeg') && inPath('ffprobe');
}

/** The version of the ffmpeg in PATH; undefined for a development build ("N-12345-g..."), which is new. */
function version() {
  const { stdout, status, error } = spawnSync('ffmpeg', ['-version'], { encoding: 'utf8' });
  if (status !== 0) throw new SetupError(`ffmpeg does not run${error ? `: ${error.message}` : ''}`);
  const found = /^ffmpeg version n?((\d+\.\d)[\w.]*)/.exec(stdout);
  return found ? { text: found[1], number: Number(found[2]) } : undefined;
}

/** @param {string} program */
function inPath(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((folder) => {
    try {
      accessSync(path.join(folder || '.', process.platform === 'win32' ? `${program}.exe` : program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
