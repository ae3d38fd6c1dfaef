import { cpus, totalmem } from 'node:os';
import type { InstanceId } from '../../shared/job/ids.ts';
import type { RegisterBody } from '../../shared/wire/workers.ts';
import type { WorkerConfig } from './config.ts';

type Life = {
  readonly instanceId: InstanceId;
  readonly former: InstanceId | null;
  readonly proved: RegisterBody['capabilities'];
};

/** What a worker says of itself when it registers. */
export function describeWorker(config: WorkerConfig, { instanceId, former, proved }: Life): RegisterBody {
  const processors = cpus();
  return {
    name: config.name,
    instance_id: instanceId,
    former_instance_id: former,
    address: '',
    type: 'cpu',
    cpu_threads: Math.max(1, processors.length),
    cpu_model: (processors[0]?.model ?? '').trim().slice(0, 200),
    has_gpu: false,
    gpu_type: '',
    ram_bytes: totalmem(),
    labels: [],
    pools: { cpu: config.slots },
    capabilities: proved,
    version: '',
  };
}
