import { GenericContainer } from 'testcontainers';
import { OWNER_LABEL, owner } from './owner.ts';

/**
 * A container whose ports are published on 127.0.0.1 only, at numbers that stay when it is killed and started again,
 * and that the next test run removes if this one cannot.
 */
export class LocalContainer extends GenericContainer {
  constructor(image: string, ports: Readonly<Record<number, number>>) {
    super(image);
    const pairs = Object.entries(ports);
    this.withExposedPorts(...pairs.map(([inside, host]) => ({ container: Number(inside), host })));
    this.hostConfig.PortBindings = Object.fromEntries(
      pairs.map(([inside, host]) => [`${inside}/tcp`, [{ HostIp: '127.0.0.1', HostPort: String(host) }]]),
    );
    // As in production: a node that gives up while it starts is started again. A kill by a test is not an end of its own.
    this.hostConfig.RestartPolicy = { Name: 'on-failure', MaximumRetryCount: 10 };
    this.withLabels({ [OWNER_LABEL]: owner() });
    // Removed by remove-leftovers.ts: the reaper container of the library would have to be pulled.
    this.withAutoCleanup(false);
  }
  /** On this network and no other, under this name. (`withNetworkAliases` of the library adds the default bridge.) */
  named(name: string, network: string): this {
    this.createOpts.NetworkingConfig = { EndpointsConfig: { [network]: { Aliases: [name] } } };
    return this.withHostname(name).withNetworkMode(network);
  }
}
