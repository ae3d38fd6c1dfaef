import { Gauge, type Registry } from 'prom-client';

export type Sample = { readonly count: number } & Readonly<Record<string, string | number>>;

/**
 * A gauge that is read when the page is. One that cannot be read has no samples then: the others are wanted most when
 * something is away.
 */
export function addGauge(
  registers: Registry[],
  name: string,
  help: string,
  labelNames: string[],
  read: () => Promise<readonly Sample[]>,
): void {
  new Gauge({
    ...{ name, help, labelNames, registers },
    async collect() {
      this.reset();
      const samples = await read().catch((): readonly Sample[] => []);
      for (const { count, ...labels } of samples) this.set(labels, count);
    },
  });
}
