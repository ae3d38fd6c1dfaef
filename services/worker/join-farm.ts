import type { Logger } from '../../shared/runtime/logger.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';
import { openAttemptLog } from './attempt-log.ts';
import { createBeat } from './beat.ts';
import { claimTask } from './claim-task.ts';
import { createClaimingSwitch } from './claiming-switch.ts';
import type { WorkerConfig } from './config.ts';
import { startHttpLongPoll } from './downlink/http-long-poll.ts';
import type { RunTask } from './execute-task.ts';
import type { Binaries } from './ffmpeg/binaries.ts';
import type { proveCapabilities } from './ffmpeg/capabilities.ts';
import { createFolders } from './folders.ts';
import { giveBackClaim } from './give-back-claim.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createHeldAttempts } from './held-attempts.ts';
import { createInFlight } from './in-flight.ts';
import type { Journal } from './journal.ts';
import { leaveFarm } from './leave-farm.ts';
import { proveInBackground } from './prove-in-background.ts';
import { type RegisteredInstance, registerInstance } from './register-instance.ts';
import { type Runner, runAttempt } from './run-attempt.ts';
import { createSlots } from './slots.ts';
import { sweepOrphans } from './sweep-orphans.ts';
import { type Sweeper, startSweeper } from './sweeper.ts';
import type { Timing } from './timing.ts';
import type { Contact } from './uplink/contact.ts';
import type { Coordinator } from './uplink/coordinator.ts';

export type Worker = {
  /**
   * `drain` takes no more tasks and finishes those that run; `immediate` breaks them off and gives them back. Safe to
   * call again, and to hurry a drain that way.
   */
  stop(how: { mode: 'drain' | 'immediate' }): Promise<void>;
};

type Opened = {
  readonly config: WorkerConfig;
  readonly coordinator: Coordinator;
  readonly contact: Contact;
  readonly journal: Journal;
  readonly paths: PathNames;
  readonly binaries: Binaries;
  readonly timing: Timing;
  readonly log: Logger;
  /** Ends the wait for a first coordinator. */
  readonly signal: AbortSignal;
  /** Gives back all that was opened. */
  close(): void;
};

type Work = {
  readonly runTaskKind: RunTask;
  readonly proveCapabilities: typeof proveCapabilities;
  onFatal(error: unknown): void;
};

/** What one life of the worker keeps in memory, and the two signals of its end. */
function createLife() {
  return {
    held: createHeldAttempts(),
    folders: createFolders(),
    executions: createInFlight(),
    attempts: createInFlight(),
    logs: createInFlight(),
    /** Aborted when the worker is asked to stop. */
    leaving: new AbortController(),
    /** Aborted when nothing is said to the coordinators any more. */
    ending: new AbortController(),
  };
}

type Life = ReturnType<typeof createLife>;

/** Registers a new life of this worker and sets everything going that it does by itself. */
export async function joinFarm(opened: Opened, work: Work): Promise<Worker> {
  const { config, coordinator, contact, log, timing } = opened;
  const instance = await registerInstance(opened);
  const life = createLife();
  const onFatal = (error: unknown) => life.leaving.signal.aborted || work.onFatal(error);
  const identity = { ...instance, coordinator, contact, onFatal };
  const heartbeat = beatFor(opened, life, { ...identity, onDrain: (drain) => void setClaiming(!drain) });
  const sweeper = sweepFor(opened, life);
  const runner = runnerFor(opened, life, {
    runTask: (context, spec) => life.executions.add(work.runTaskKind(context, spec)),
    onHeld: heartbeat.wake,
    onLeftovers: sweeper.soon,
  });
  const slots = createSlots(config.slots);
  const setClaiming = createClaimingSwitch(() =>
    startHttpLongPoll({
      slots,
      claim: (request, signal) => claimTask(identity, request, signal),
      offer: (task, slot) => void life.attempts.add(runAttempt(runner, task, slot)),
      giveBack: (claim) => giveBackClaim(coordinator, claim, timing.farewellMs),
    }),
  );
  void setClaiming(true);
  const proving = proveInBackground({
    ...{ prove: work.proveCapabilities, binaries: opened.binaries, log, signal: life.leaving.signal },
    cacheFile: config.capabilitiesFile,
    onChange: (proved) => void instance.tellProved(proved).catch(onFatal),
  });
  void life.executions.add(proving); // a test encode is FFmpeg at work, too
  log.info({ worker: instance.registration.workerId, name: config.name, slots: config.slots }, 'worker ready');
  return leavable(opened, life, { sweeper, stopBeating: heartbeat.stop, stopClaiming: () => setClaiming(false) });
}

type Identity = Pick<RegisteredInstance, 'instanceId' | 'registration' | 'heartbeatMs'> & {
  onDrain(drain: boolean): void;
  onFatal(error: unknown): void;
};

/** Heartbeats from now on; an operator's drain is passed on until the worker leaves by itself. */
function beatFor({ coordinator, contact, log }: Opened, { held, leaving }: Life, identity: Identity) {
  let drained = false;
  const beat = createBeat({
    ...{ ...identity, coordinator, contact, held, log },
    status: () => (drained || leaving.signal.aborted ? 'draining' : 'online'),
    onDrain(drain) {
      drained = drain;
      if (!leaving.signal.aborted) identity.onDrain(drain);
    },
  });
  const heartbeat = startHeartbeat(identity.heartbeatMs, () => void beat());
  contact.soundWith(heartbeat.wake);
  return heartbeat;
}

function sweepFor({ config, coordinator, journal, timing, log }: Opened, { held, folders, ending }: Life): Sweeper {
  const sweeping = { coordinator, journal, held, folders, scratch: config.scratchDir, signal: ending.signal };
  return startSweeper((job) => sweepOrphans(sweeping, job), {
    intervalMs: timing.sweepMs,
    onError: (error) => log.debug({ err: error }, 'sweep broke off'),
  });
}

function runnerFor(
  opened: Opened,
  { held, folders, logs, leaving, ending }: Life,
  hooks: Pick<Runner, 'runTask' | 'onHeld' | 'onLeftovers'>,
): Runner {
  const { config, coordinator, timing } = opened;
  const logging = {
    send: (...batch: Parameters<Coordinator['appendLogs']>) => logs.add(coordinator.appendLogs(...batch)),
    batchMs: timing.logBatchMs,
    signal: ending.signal,
  };
  return {
    ...opened,
    ...{ held, folders, threads: config.threads, stallMs: config.stallMs },
    ...{ sending: ending.signal, leaving: leaving.signal },
    openLog: (attempt) => openAttemptLog(attempt, logging),
    ...hooks,
  };
}

type Ends = { readonly sweeper: Sweeper; stopBeating(): void; stopClaiming(): Promise<void> };

function leavable({ config, timing, log, close }: Opened, life: Life, ends: Ends): Worker {
  const { held, executions, attempts, logs, leaving, ending } = life;
  const { sweeper, stopBeating, stopClaiming } = ends;
  const hurry = new AbortController();
  let left: Promise<void> | undefined;
  async function leave(): Promise<void> {
    leaving.abort();
    await leaveFarm(
      { held, executions, attempts, logs, sweeper, farewellMs: timing.farewellMs, stopClaiming },
      hurry.signal,
    );
    ending.abort();
    stopBeating();
    close();
    log.info('worker stopped');
  }
  return {
    stop({ mode }) {
      if (mode === 'immediate') hurry.abort();
      else if (config.drainGraceMs > 0) setTimeout(() => hurry.abort(), config.drainGraceMs).unref();
      left ??= leave();
      return left;
    },
  };
}
