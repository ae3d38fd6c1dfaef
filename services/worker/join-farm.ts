import { HARDWARE_POOLS } from '../../shared/job/pools.ts';
import { createInFlight } from '../../shared/runtime/in-flight.ts';
import type { Logger } from '../../shared/runtime/logger.ts';
import type { PathNames } from '../../shared/storage/path-names.ts';
import type { Root } from '../../shared/storage/root.ts';
import type { Subscriptions as SubscriptionList } from '../../shared/wire/workers.ts';
import { openAttemptLog } from './attempt-log.ts';
import { createBeat } from './beat.ts';
import { claimTask } from './claim-task.ts';
import { createClaimingSwitch } from './claiming-switch.ts';
import type { WorkerConfig } from './config.ts';
import type { Downlinks } from './downlink/open-downlinks.ts';
import { createSubscriptions } from './downlink/subscriptions.ts';
import type { RunTask } from './execute-task.ts';
import type { Binaries } from './ffmpeg/binaries.ts';
import type { proveCapabilities } from './ffmpeg/capabilities.ts';
import { createFolders } from './folders.ts';
import { giveBackClaim } from './give-back-claim.ts';
import { hardwareSlots } from './hardware-slots.ts';
import { startHeartbeat } from './heartbeat.ts';
import { createHeldAttempts } from './held-attempts.ts';
import type { Journal } from './journal.ts';
import { leaveFarm } from './leave-farm.ts';
import { createPools } from './pools.ts';
import { proveInBackground } from './prove-in-background.ts';
import { type RegisteredInstance, registerInstance } from './register-instance.ts';
import type { Registration } from './registration.ts';
import { type Runner, runAttempt } from './run-attempt.ts';
import { sayFarewell } from './say-farewell.ts';
import { checkStorage } from './storage/check-storage.ts';
import { type StorageWatch, watchStorage } from './storage/watch-storage.ts';
import { sweepOrphans } from './sweep-orphans.ts';
import { type Sweeper, startSweeper } from './sweeper.ts';
import type { Timing } from './timing.ts';
import type { Contact } from './uplink/contact.ts';
import type { Coordinator } from './uplink/coordinator.ts';

export type Worker = {
  /**
   * Takes no more tasks. `drain` finishes those that run; so does `graceful`, within the configured grace; `immediate`
   * breaks them off and gives them back, as `graceful` does with what is left. Safe to call again, and to hurry another
   * mode that way.
   */
  stop(how: { mode: WorkerConfig['shutdown'] }): Promise<void>;
};

type Opened = {
  readonly config: WorkerConfig;
  readonly coordinator: Coordinator;
  readonly contact: Contact;
  readonly journal: Journal;
  readonly downlinks: Downlinks;
  readonly roots: readonly Root[];
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
    beats: createInFlight(),
    /** Aborted when the worker is asked to stop. */
    leaving: new AbortController(),
    /** Aborted when nothing is said to the coordinators any more. */
    ending: new AbortController(),
  };
}

type Life = ReturnType<typeof createLife>;

/** Registers a new life of this worker and sets everything going that it does by itself. */
export async function joinFarm(opened: Opened, work: Work): Promise<Worker> {
  const { config, coordinator, contact, downlinks, log, timing } = opened;
  const subscriptions = createSubscriptions();
  const instance = await registerInstance({ ...opened, onSubscriptions: subscriptions.update });
  const life = createLife();
  const onFatal = (error: unknown) => life.leaving.signal.aborted || work.onFatal(error);
  const identity = { ...instance, coordinator, contact, onFatal };
  const storage = watchStorage(opened.roots, {
    ...{ check: checkStorage, timing, log },
    onChange() {
      if (!storage.isSound()) void setClaiming(false);
      heartbeat.wake();
    },
  });
  const heartbeat = beatFor(opened, life, storage, {
    ...identity,
    onRest: (rest) => void setClaiming(!rest),
    onSubscriptions(list) {
      subscriptions.update(list);
      listen(); // the worker's id may be another one since
    },
  });
  const listen = () => downlinks.listenAs(instance.registration.workerId, heartbeat.wake);
  listen();
  const sweeper = sweepFor(opened, life, instance.registration);
  let decoders: readonly string[] = [];
  const runner = runnerFor(opened, life, {
    storage,
    runTask: (context, spec) => life.executions.add(work.runTaskKind(context, spec)),
    onHeld: heartbeat.wake,
    onLeftovers: sweeper.soon,
    onHardwareFailed: (encoder) => proving.withdraw(encoder),
    decoders: () => decoders,
  });
  const pools = createPools({ cpu: config.slots });
  const setClaiming = createClaimingSwitch(() =>
    downlinks.start({
      ...{ pools, subscriptions },
      claim: (request, signal) => claimTask(identity, request, signal),
      offer: (task, slot) => void life.attempts.add(runAttempt(runner, task, slot)),
      giveBack: (claim) => giveBackClaim(coordinator, claim, timing.farewellMs),
    }),
  );
  void setClaiming(true);
  const proving = proveInBackground({
    ...{ prove: work.proveCapabilities, binaries: opened.binaries, log, signal: life.leaving.signal },
    ...{ cacheFile: config.capabilitiesFile, hardware: config.hardware },
    onChange(proved, sessions) {
      decoders = proved.decoders ?? [];
      const hardware = hardwareSlots(config.hardware, proved, sessions);
      for (const pool of HARDWARE_POOLS) pools.of(pool).resize(hardware[pool]);
      void instance.tellProved(proved, hardware).catch(onFatal);
    },
    onRun: (proof) => void life.executions.add(proof), // a test encode is FFmpeg at work, too
  });
  log.info({ worker: instance.registration.workerId, name: config.name, slots: config.slots }, 'worker ready');
  return leavable(opened, life, {
    ...{ sweeper, storage, stopBeating: heartbeat.stop, stopClaiming: () => setClaiming(false) },
    sayFarewell: () => sayFarewell(identity, life.beats, timing.farewellMs),
  });
}

type Identity = Pick<RegisteredInstance, 'instanceId' | 'registration' | 'heartbeatMs'> & {
  /** Whether tasks are to be claimed: not while an operator has drained the worker, or its storage is in trouble. */
  onRest(rest: boolean): void;
  onSubscriptions(list: SubscriptionList): void;
  onFatal(error: unknown): void;
};

/** Heartbeats from now on; an operator's drain and the storage's troubles are passed on until the worker leaves by itself. */
function beatFor(
  { coordinator, contact, log }: Opened,
  { held, leaving, beats }: Life,
  storage: Pick<StorageWatch, 'isSound'>,
  identity: Identity,
) {
  let drained = false;
  const beat = createBeat({
    ...{ ...identity, coordinator, contact, held, log },
    status() {
      if (leaving.signal.aborted) return 'draining';
      if (!storage.isSound()) return 'error';
      return drained ? 'draining' : 'online';
    },
    onDrain(drain) {
      drained = drain;
      if (!leaving.signal.aborted) identity.onRest(drain || !storage.isSound());
    },
  });
  const heartbeat = startHeartbeat(identity.heartbeatMs, () => void beats.add(beat()));
  contact.soundWith(heartbeat.wake);
  return heartbeat;
}

function sweepFor(
  { paths, coordinator, journal, timing, log }: Opened,
  { held, folders, ending }: Life,
  registration: Registration,
): Sweeper {
  const sweeping = { coordinator, registration, journal, held, folders, paths, signal: ending.signal };
  return startSweeper((job) => sweepOrphans(sweeping, job), {
    intervalMs: timing.sweepMs,
    onError: (error) => log.debug({ err: error }, 'sweep broke off'),
  });
}

function runnerFor(
  opened: Opened,
  { held, folders, logs, leaving, ending }: Life,
  hooks: Pick<Runner, 'storage' | 'runTask' | 'decoders' | 'onHeld' | 'onLeftovers' | 'onHardwareFailed'>,
): Runner {
  const { config, coordinator, timing } = opened;
  const logging = {
    send: (...batch: Parameters<Coordinator['appendLogs']>) => logs.add(coordinator.appendLogs(...batch)),
    batchMs: timing.logBatchMs,
    signal: ending.signal,
  };
  return {
    ...opened,
    ...{ held, folders, threads: config.threads, stallMs: config.stallMs, devices: config.hardware.devices },
    ...{ sending: ending.signal, leaving: leaving.signal },
    openLog: (attempt) => openAttemptLog(attempt, logging),
    ...hooks,
  };
}

type Ends = {
  readonly sweeper: Sweeper;
  readonly storage: StorageWatch;
  stopBeating(): void;
  stopClaiming(): Promise<void>;
  sayFarewell(): Promise<void>;
};

function leavable({ config, downlinks, timing, log, close }: Opened, life: Life, ends: Ends): Worker {
  const { held, executions, attempts, logs, leaving, ending } = life;
  const { sweeper, storage, stopBeating, stopClaiming, sayFarewell } = ends;
  const hurry = new AbortController();
  let left: Promise<void> | undefined;
  async function leave(): Promise<void> {
    leaving.abort();
    await leaveFarm(
      { held, executions, attempts, logs, sweeper, farewellMs: timing.farewellMs, stopClaiming },
      hurry.signal,
    );
    storage.stop();
    stopBeating();
    await sayFarewell();
    ending.abort();
    await downlinks.close();
    close();
    log.info('worker stopped');
  }
  return {
    stop({ mode }) {
      if (mode === 'immediate') hurry.abort();
      else if (mode === 'graceful' && config.drainGraceMs > 0)
        setTimeout(() => hurry.abort(), config.drainGraceMs).unref();
      left ??= leave();
      return left;
    },
  };
}
