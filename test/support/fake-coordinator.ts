import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { ERRORS, type ErrorCode } from '../../shared/errors.ts';
import { newId, type WorkerId } from '../../shared/job/ids.ts';
import type { ClaimBody, ClaimedTask, HeartbeatBody, LogsBody, RegisterBody } from '../../shared/wire/workers.ts';

export type Action = 'register' | 'heartbeat' | 'claim' | 'commit' | 'report' | 'logs' | 'ended' | 'leftovers';
export type Call<Body = Record<string, unknown>> = {
  readonly action: Action;
  readonly id: string;
  readonly body: Body;
};
export type Answer = { readonly status: number; readonly body?: unknown };

/** What a coordinator that refuses says. */
export function problem(code: ErrorCode, status: number = ERRORS[code].status): Answer {
  const { title, fault } = ERRORS[code];
  return { status, body: { type: 'about:blank', title, status, detail: code, code, fault } };
}

const OK: Answer = { status: 204 };

/**
 * A coordinator without a database, whose answers a test may replace. Everything is granted unless `answers` says
 * otherwise; `undefined` from there means the usual answer.
 */
export class FakeCoordinator {
  readonly calls: Call[] = [];
  readonly answers: Partial<Record<Action, (call: Call) => Promise<Answer | undefined> | Answer | undefined>> = {};
  readonly heartbeatAnswer = { cancel: [] as string[], lost: [] as string[], drain: false };
  heartbeatSeconds = 0.1;
  /** Attempts whose files may go. */
  readonly ended = new Set<string>();
  readonly #worker = newId<WorkerId>();
  readonly #waiting: Omit<ClaimedTask, 'token'>[] = [];
  readonly #granted = new Map<string, ClaimedTask>();
  #taskCame = Promise.withResolvers<void>();
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<FakeCoordinator> {
    const coordinator = new FakeCoordinator();
    await coordinator.up();
    return coordinator;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, after `down()` on the same port again. */
  async up(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.listen(this.#port, '127.0.0.1');
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async down(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    server?.close();
    server?.closeAllConnections();
    if (server) await once(server, 'close');
  }

  give(task: Omit<ClaimedTask, 'token'>): void {
    this.#waiting.push(task);
    this.#taskCame.resolve();
  }

  /** What was called so far, oldest first. */
  of<Body = Record<string, unknown>>(action: Action): Call<Body>[] {
    return this.calls.filter((call) => call.action === action) as Call<Body>[];
  }

  registrations = () => this.of<RegisterBody>('register').map(({ body }) => body);
  heartbeats = () => this.of<HeartbeatBody>('heartbeat').map(({ body }) => body);
  logLines = () => this.of<LogsBody>('logs').flatMap(({ body }) => body.lines);

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, id, action] = /\/v1\/(?:workers|attempts)\/(?:([0-9a-f-]{36})\/)?(\w+)$/.exec(request.url ?? '') ?? [];
    const call = { action: action as Action, id: id ?? '', body: (await json(request)) as Record<string, unknown> };
    this.calls.push(call);
    const gone = new Promise<undefined>((resolve) => response.once('close', () => resolve(undefined)));
    const answer = (await this.answers[call.action]?.(call)) ?? (await this.#usual(call, gone));
    if (answer === undefined || response.destroyed) return;
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body) ?? '');
  }

  #usual(call: Call, gone: Promise<undefined>): Promise<Answer | undefined> | Answer {
    const subscriptions = { version: 1, classes: ['any'] };
    switch (call.action) {
      case 'register':
        return {
          status: 200,
          body: { id: this.#worker, lease_seconds: 10, heartbeat_seconds: this.heartbeatSeconds, subscriptions },
        };
      case 'heartbeat':
        return { status: 200, body: { ...this.heartbeatAnswer, subscriptions } };
      case 'claim':
        return this.#claim(call.body as ClaimBody, gone);
      case 'leftovers':
        return { status: 200, body: { over: call.body.jobs, parts: [] } };
      case 'ended':
        return { status: 200, body: { ended: (call.body.attempts as string[]).filter((id) => this.ended.has(id)) } };
      default:
        return OK;
    }
  }

  async #claim({ claim_id, wait_seconds = 0 }: ClaimBody, gone: Promise<undefined>): Promise<Answer | undefined> {
    const empty = new Promise<'empty'>((resolve) => setTimeout(resolve, wait_seconds * 1000, 'empty').unref());
    for (;;) {
      const known = this.#granted.get(claim_id) ?? this.#waiting.shift();
      if (known !== undefined) {
        const task = { ...known, token: claim_id };
        this.#granted.set(claim_id, task);
        return { status: 200, body: { task } };
      }
      this.#taskCame = Promise.withResolvers();
      const next = await Promise.race([this.#taskCame.promise.then(() => 'task'), empty, gone]);
      if (next === undefined) return undefined;
      if (next === 'empty') return { status: 200, body: { task: null } };
    }
  }
}
