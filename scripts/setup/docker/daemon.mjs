import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT, SetupError, say } from '../say.mjs';
import { ask, isRoot } from './run.mjs';

const CACHE = path.join(ROOT, 'node_modules', '.cache', 'ffmill');
/** Which daemon we started, so that the next run still knows whose it is. */
const STARTED = path.join(CACHE, 'dockerd.json');
const LOG = path.join(CACHE, 'dockerd.log');
/** Where every daemon writes its pid first of all, so that there is only one. */
const PID_FILE = '/var/run/docker.pid';
const START_SECONDS = 60;

/** The daemon's version; undefined when none answers. */
export const daemonVersion = () => ask('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000 });

/**
 * Starts a Docker daemon where none answers.
 * @param {{ keep: boolean }} options `keep`: it stays when we end; otherwise `stopOwnDaemon` may stop it
 */
export async function ensureDaemon({ keep }) {
  if (daemonVersion() !== undefined) {
    const own = ownDaemon();
    if (keep && own !== undefined) remember({ ...own, keep });
    return;
  }
  if (!isRoot()) {
    throw new SetupError(
      'no Docker daemon answers. Start it (systemctl start docker) and see to it that you may use it (group docker)',
    );
  }
  if (existsSync('/run/systemd/system') && ask('systemctl', ['start', 'docker']) !== undefined) return;
  await startDaemon(keep);
}

/**
 * Starts one, or waits for the one that somebody else is starting at this moment.
 * @param {boolean} keep
 */
async function startDaemon(keep) {
  mkdirSync(CACHE, { recursive: true });
  say(`starting a Docker daemon (its log: ${path.relative(process.cwd(), LOG)})`);
  // A pid file that a killed daemon left may name another process by now, and dockerd then refuses to start.
  if (!othersDaemon()) rmSync(PID_FILE, { force: true });
  const log = openSync(LOG, 'w');
  const daemon = spawn('dockerd', mtuOption(), { detached: true, stdio: ['ignore', log, log] });
  let ended = false;
  const failure = new Promise((resolve) => {
    daemon.once('error', resolve);
    daemon.once('exit', resolve);
  }).then(() => {
    ended = true;
  });
  for (let waited = 0; waited < START_SECONDS * 4; waited++) {
    if (daemonVersion() !== undefined) {
      if (!ended) remember({ pid: daemon.pid ?? 0, keep });
      daemon.unref();
      return;
    }
    if (ended && !othersDaemon()) break;
    await (ended ? delay(250) : Promise.race([failure, delay(250)]));
  }
  const words = readFileSync(LOG, 'utf8').trim().split('\n').slice(-10).join('\n');
  throw new SetupError(`the Docker daemon did not start:\n${words}`);
}

/** Whether the pid file names a daemon that runs. */
function othersDaemon() {
  try {
    return isDaemon(Number(readFileSync(PID_FILE, 'utf8')));
  } catch {
    return false;
  }
}

/** Packets bigger than what the way out takes may vanish without a word: containers get the host's own limit. */
function mtuOption() {
  try {
    const route = readFileSync('/proc/net/route', 'utf8')
      .split('\n')
      .map((line) => line.split('\t'));
    const device = route.find((fields) => fields[1] === '00000000')?.[0];
    const mtu = Number(readFileSync(`/sys/class/net/${device}/mtu`, 'utf8'));
    return mtu < 1500 ? ['--mtu', String(mtu)] : [];
  } catch {
    return [];
  }
}

/** Stops the daemon that a run like ours started for its own use, unless somebody else's containers run in it. */
export async function stopOwnDaemon() {
  const own = ownDaemon();
  if (own === undefined || own.keep) return;
  if (ask('docker', ['ps', '--quiet']) !== '') return say('the Docker daemon stays: containers are running');
  process.kill(own.pid, 'SIGTERM');
  for (let waited = 0; waited < 80 && existsSync(`/proc/${own.pid}`); waited++) await delay(250);
  rmSync(STARTED, { force: true });
}

/** @returns {{ pid: number, keep: boolean } | undefined} */
function ownDaemon() {
  try {
    const started = JSON.parse(readFileSync(STARTED, 'utf8'));
    return isDaemon(started.pid) ? started : undefined;
  } catch {
    return undefined;
  }
}

/** @param {number} pid */
const isDaemon = (pid) => readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd';

/** @param {{ pid: number, keep: boolean }} started */
function remember(started) {
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(STARTED, JSON.stringify(started));
}
