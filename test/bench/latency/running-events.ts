import { connect } from 'amqplib';

/** When a plain consumer of `ffmill.events` heard that a job runs: what a watcher of the farm sees. */
export type RunningEvents = {
  /** Milliseconds since the epoch. */
  heardAt(jobId: string): Promise<number>;
  close(): Promise<void>;
};

export async function listenForRunning(url: string): Promise<RunningEvents> {
  const connection = await connect(url, { noDelay: true });
  const channel = await connection.createChannel();
  const { queue } = await channel.assertQueue('ffmill.bench.events', { exclusive: true, autoDelete: true });
  await channel.bindQueue(queue, 'ffmill.events', 'job.*.running');
  const heard = new Map<string, PromiseWithResolvers<number>>();
  const entry = (jobId: string) => {
    const known = heard.get(jobId) ?? Promise.withResolvers<number>();
    heard.set(jobId, known);
    return known;
  };
  await channel.consume(
    queue,
    (message) => {
      const jobId = message?.fields.routingKey.split('.')[1];
      if (jobId !== undefined) entry(jobId).resolve(performance.timeOrigin + performance.now());
    },
    { noAck: true },
  );
  return {
    heardAt: (jobId) => entry(jobId).promise.finally(() => heard.delete(jobId)),
    close: () => connection.close(),
  };
}
