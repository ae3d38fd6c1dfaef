import type { AttemptId, TaskId } from '../job/ids.ts';
import type { ClaimAnswer } from '../wire/workers.ts';
import type { TaskRow } from './rows.ts';
import type { Store } from './store.ts';

/**
 * Which tasks claims of this process are after, and which they were given. Who would lose the race for one passes it
 * over: to wait for its job's row, and then to learn that it is gone, costs both of them a transaction.
 */
type ClaimsUnderWay = {
  readonly wanted: Set<TaskId>;
  readonly given: Map<TaskId, number>;
  readonly answers: Map<AttemptId, Promise<ClaimAnswer>>;
};

const claims = new WeakMap<Store, ClaimsUnderWay>();

/** Looks at rows are over within moments; what was given before so many others is not in any of them. */
const REMEMBERED = 1_000;

/**
 * Runs a claim of a task as it was read. `undefined` without running it when another claim of this process is at the
 * task, or has been given it since it was read: a claim raises `attempt`.
 */
export async function claimAlone<Result>(
  store: Store,
  { id, attempt }: Pick<TaskRow, 'id' | 'attempt'>,
  claim: () => Promise<Result | null>,
): Promise<Result | null | undefined> {
  const { wanted, given } = claimsOf(store);
  if (wanted.has(id) || attempt <= (given.get(id) ?? -1)) return undefined;
  wanted.add(id);
  try {
    const claimed = await claim();
    if (claimed !== null) remember(given, id, attempt);
    return claimed;
  } finally {
    wanted.delete(id);
  }
}

/** Runs a claim, or waits with it for the answer to the same one, which is being made. */
export async function claimOnce(store: Store, id: AttemptId, claim: () => Promise<ClaimAnswer>): Promise<ClaimAnswer> {
  const { answers } = claimsOf(store);
  const known = answers.get(id);
  if (known) return known;
  const answer = claim().finally(() => answers.delete(id));
  answers.set(id, answer);
  return answer;
}

function claimsOf(store: Store): ClaimsUnderWay {
  const known = claims.get(store) ?? { wanted: new Set(), given: new Map(), answers: new Map() };
  claims.set(store, known);
  return known;
}

function remember(given: Map<TaskId, number>, id: TaskId, attempt: number): void {
  given.delete(id); // a Map keeps the order of insertion: the newest goes to its end
  given.set(id, attempt);
  const [oldest] = given.keys();
  if (given.size > REMEMBERED && oldest !== undefined) given.delete(oldest);
}
