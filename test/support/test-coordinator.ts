import { expect } from 'vitest';
import { ROUTES } from '../../services/coordinator/http/routes.ts';
import { type Coordinator, startCoordinator } from '../../services/coordinator/start.ts';
import type { Broker } from '../../shared/broker/broker.ts';
import type { Rules } from '../../shared/db/rules.ts';
import { createLogger } from '../../shared/runtime/logger.ts';
import type { JobView } from '../../shared/wire/jobs.ts';
import { type ProblemBody, problemBody } from '../../shared/wire/problems.ts';
import { openOutboxStore } from './open-outbox-store.ts';
import { TestFarm } from './test-farm.ts';

type Sent = { readonly body?: unknown; readonly headers?: Record<string, string> };
type Answered<Body> = { readonly status: number; readonly headers: Headers; readonly body: Body };

/** The real HTTP service on a store in memory, with the farm's verbs at hand to bring that into any state. */
export class TestCoordinator {
  readonly farm: TestFarm;
  readonly coordinator: Coordinator;

  constructor(farm: TestFarm, coordinator: Coordinator) {
    this.farm = farm;
    this.coordinator = coordinator;
  }

  static async start(rules: Partial<Rules> = {}, broker?: Broker): Promise<TestCoordinator> {
    return TestCoordinator.startOn(await TestFarm.open(rules, broker ? { open: openOutboxStore } : {}), broker);
  }

  /** One more coordinator of a farm that is there already; the farm's store stays open until `stop`. */
  static async startOn(farm: TestFarm, broker?: Broker, unreadyMs = 0): Promise<TestCoordinator> {
    const log = createLogger({ level: 'silent', name: 'test' });
    const { store, rules } = farm;
    const config = { host: '127.0.0.1', port: 0, unreadyMs };
    return new TestCoordinator(farm, await startCoordinator(config, { store, broker, log, rules }));
  }

  async stop(): Promise<void> {
    await this.coordinator.stop();
    await this.farm.close();
  }

  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.coordinator.url}${path}`, init);
  }

  /** Calls the API and holds the answer against what openapi.json says of it. */
  async call<Body = Record<string, unknown>>(method: string, path: string, sent: Sent = {}): Promise<Answered<Body>> {
    const response = await this.fetch(path, {
      method,
      headers: { ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }), ...sent.headers },
      ...(sent.body === undefined ? {} : { body: JSON.stringify(sent.body) }),
    });
    const text = await response.text();
    const body = text === '' ? undefined : JSON.parse(text);
    checkAnswer(method, path, response, body);
    return { status: response.status, headers: response.headers, body };
  }

  /** A call that is to be refused; the code and the pointers of the problem. */
  async refused(method: string, path: string, sent: Sent = {}): Promise<ProblemBody> {
    const { body, headers } = await this.call<ProblemBody>(method, path, sent);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    return body;
  }

  async submit(change: Record<string, unknown> = {}): Promise<JobView> {
    const body = { input: '/media/in.mkv', output: '/media/out.mp4', ...change };
    return (await this.call<JobView>('POST', '/v1/jobs', { body })).body;
  }
}

function checkAnswer(method: string, path: string, { status }: Response, body: unknown): void {
  const schema = status >= 400 ? problemBody : findSchema(method, path, status);
  if (schema === undefined) expect(body).toBeUndefined();
  else expect(schema.parse(body)).toEqual(body);
}

function findSchema(method: string, path: string, status: number) {
  const route = ROUTES.find((known) => known.method.toUpperCase() === method && matches(known.path, path));
  const answer = route?.answers[status];
  if (answer === undefined) throw new Error(`openapi.json does not know the answer ${status} to ${method} ${path}`);
  return answer.schema;
}

function matches(pattern: string, path: string): boolean {
  const { pathname } = new URL(path, 'http://localhost');
  return new RegExp(`^${pattern.replaceAll(/:\w+/g, '[^/]+')}$`).test(pathname.replace(/^\/v1/, ''));
}
