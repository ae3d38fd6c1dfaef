import { readFileSync } from 'node:fs';
import { cpus, hostname, totalmem } from 'node:os';
import type { InstanceId } from '../../shared/job/ids.ts';
import { OWN_PATHS } from '../../shared/job/path-variable.ts';
import type { HardwarePool } from '../../shared/job/pools.ts';
import type { RegisterBody } from '../../shared/wire/workers.ts';
import type { WorkerConfig } from './config.ts';

type Life = {
  readonly instanceId: InstanceId;
  readonly former: InstanceId | null;
  readonly proved: RegisterBody['capabilities'];
  /** Slots of each kind of hardware. */
  readonly hardware: Readonly<Record<HardwarePool, number>>;
};

const PACKAGE = new URL('../../package.json', import.meta.url);

/** What a worker says of itself when it registers. */
export function describeWorker(config: WorkerConfig, { instanceId, former, proved, hardware }: Life): RegisterBody {
  const devices = Object.entries(hardware).filter(([, count]) => count > 0);
  const processors = cpus();
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  return {
    name: config.name,
    instance_id: instanceId,
    former_instance_id: former,
    address: hostname(),
    type: 'cpu',
    cpu_threads: Math.max(1, processors.length),
    cpu_model: (processors[0]?.model ?? '').trim().slice(0, 200),
    has_gpu: devices.length > 0,
    gpu_type: devices.map(([pool]) => pool).join('+'),
    ram_bytes: totalmem(),
    labels: [],
    pools: { cpu: config.slots, ...Object.fromEntries(devices) },
    capabilities: proved,
    paths: [...(config.absoluteNames ? [OWN_PATHS] : []), ...Object.keys(config.folders)].sort(),
    version,
  };
}
