/** What a search can end in: nothing wrong anywhere, or the shortest or first way to something wrong. */
export type Verdict = 'holds' | 'broken' | 'stuck' | 'for ever' | 'incomplete';

/**
 * One search. `without` is what the variant lacks: with nothing lacking it is what the code does, and has to hold; with a
 * rule taken away it has to be found broken, so that no model passes because it cannot fail.
 */
export type Run = {
  readonly model: 'publish' | 'path' | 'stage' | 'tokens' | 'leader' | 'downlink' | 'outbox';
  /** In words, for the table. */
  readonly variant: string;
  readonly property: string;
  readonly defines: readonly string[];
  /** `holds`; an assertion is `broken`; no step is possible (`stuck`); a run that never gets there (`for ever`). */
  readonly expected: Exclude<Verdict, 'incomplete'>;
  /** The name of the liveness property that is searched; none: assertions and dead ends. */
  readonly claim?: string;
};

const SMALL = ['CRASH=1', 'EXP=0', 'LOSS=0', 'DUP=0', 'LOST=0'];
const AS_BEFORE = ['JOURNAL=0', 'REV=0', 'FENCE=0', 'LOOKS=1'];

/** Only what the row names as winner is published, and what the row says of the file is so. */
const BOTH = ['P_WINNER', 'P_FILE'];

const PUBLISH: readonly Omit<Run, 'model'>[] = [
  ...['LINK=0', 'LINK=1'].flatMap((how) => {
    const variant = how === 'LINK=0' ? 'the code, overwrite:true' : 'the code, overwrite:false';
    return [
      { variant, property: 'winner alone, row says so', defines: [how, ...BOTH, 'GIVE=1'], expected: 'holds' },
      { variant, property: 'ends', defines: [how, 'LIVE', ...SMALL], expected: 'holds', claim: 'done' },
    ] as const;
  }),
  ...code('two kills', 'winner alone, row says so', [...BOTH, 'CRASH=2', 'CANCEL=0', 'LOST=0']),
  ...code('a worker dead for ever', 'winner alone, row says so', [...BOTH, 'BADPERM=1', 'LOST=0']),
  ...code('somebody takes the name', 'winner alone, row says so', [...BOTH, 'LINK=1', 'STRANGER=1', 'LOST=0']),
  ...code('a stale look', 'winner alone, row says so', [...BOTH, 'STALE=1', 'LOST=0']),
  ...code('pending without a token', 'gets a token', ['LIVE', ...SMALL, 'LOSS=1'], 'token'),
  ...code('a database that forgets', 'the winner’s file stays', ['P_DONE', 'DBLOSS=1', 'CANCEL=0', 'JOURNAL=0']),
  ...lacks('no commit', 'only the winner is published', ['MODE=0', 'P_WINNER', ...AS_BEFORE]),
  ...lacks('no commit', 'the winner’s file stays', ['MODE=0', 'P_DONE', ...AS_BEFORE]),
  ...lacks('commit is a check', 'only the winner is published', ['MODE=1', 'P_WINNER', ...AS_BEFORE]),
  ...lacks('commit is a check', 'the winner’s file stays', ['MODE=1', 'P_DONE', ...AS_BEFORE]),
  ...lacks('commit is a check', 'nothing after canceled', ['MODE=1', 'P_CANCEL', ...AS_BEFORE]),
  ...lacks('nobody settles', 'ends', ['JC=0', ...AS_BEFORE], 'stuck'),
  ...lacks('a commit is requeued', 'only the winner is published', ['JC=1', 'P_WINNER', ...AS_BEFORE]),
  ...lacks('a commit is requeued', 'nothing after canceled', ['JC=1', 'P_CANCEL', ...AS_BEFORE]),
  ...lacks('requeued, older parts go', 'only the winner is published', ['JC=3', 'P_WINNER', ...AS_BEFORE]),
  ...lacks('requeued, output checked', 'not its own output', ['JC=1', 'OVF=1', 'P_FAILFILE', ...AS_BEFORE]),
  ...lacks('cancel while committing', 'nothing after canceled', ['CC=1', 'P_CANCEL']),
  ...lacks('a repeated commit is refused', 'ends', ['REPEAT=0', 'JC=0', ...AS_BEFORE, 'CRASH=0', 'EXP=0'], 'stuck'),
  ...lacks('one look before going back', 'row says so', ['LOOKS=1', 'STALE=1', 'P_FILE']),
  ...lacks('forgets, parts not fenced', 'the winner’s file stays', ['P_DONE', 'DBLOSS=1', 'FENCE=0', 'CANCEL=0']),
  ...lacks('forgets, parts by number', 'no half written file', ['P_WHOLE', 'DBLOSS=1', 'NUMNAME=1', 'JOURNAL=0']),
];

const PATH: readonly Omit<Run, 'model'>[] = [
  ...code('link, a lost reply', 'one output, one job', ['V=1', 'LOSTREPLY=1']),
  ...lacks('look, then rename', 'one output, one job', ['V=0']),
  ...lacks('EEXIST is always a stranger', 'not its own output', ['V=1', 'LOSTREPLY=1', 'SAMEINO=0']),
];

const STAGE: readonly Omit<Run, 'model'>[] = [
  ...code('counter, one writer', 'one next stage', ['V=2']),
  ...code('counter, several writers', 'one next stage', ['V=3']),
  ...code('counter, several writers', 'there is one', ['V=3', 'LIVE'], 'created'),
  ...lacks('counted in the transaction', 'there is one', ['V=0', 'LIVE'], 'for ever', 'created'),
  ...lacks('counted after the commit', 'one next stage', ['V=1']),
  ...lacks('counter without guard', 'one next stage', ['V=4']),
];

const FAULTS = ['LONG=1', 'LOSS=1', 'STALE=1'];
const AVOIDED = ['FAILA=1', 'EXCL=1', 'LAPSE=1'];
const TOKENS: readonly Omit<Run, 'model'>[] = [
  ...code('lost, in vain, hours elsewhere', 'nothing starves', ['NULLP=2', ...FAULTS], 'adone'),
  ...code('lost, in vain, hours elsewhere', 'no hot loop', ['NULLP=2', ...FAULTS], 'quiet'),
  ...code('a failed task avoids its worker', 'nothing starves', ['LONG=1', 'LOSS=1', ...AVOIDED], 'adone'),
  ...code('a failed task avoids its worker', 'no hot loop', ['LONG=1', ...AVOIDED], 'quiet'),
  ...code('a task avoids the only worker', 'nothing starves', ['ONLY1=1', ...AVOIDED], 'adone'),
  ...lacks('unacknowledged counted', 'nothing starves', ['RC=1', 'LONG=1', 'LOSS=1'], 'for ever', 'adone'),
  ...lacks(
    'token before it is due',
    'nothing starves',
    ['RC=1', 'LONG=1', 'FAILA=1', 'TOKENAT=0'],
    'for ever',
    'adone',
  ),
  ...lacks('no reconcile', 'nothing starves', ['RC=0', 'STALE=1'], 'for ever', 'adone'),
  ...lacks(
    'a claim for nothing is nacked',
    'no hot loop',
    ['NULLP=1', 'LONG=1', 'FAILA=1', 'EXCL=1'],
    'for ever',
    'quiet',
  ),
  ...lacks('the avoidance never lapses', 'nothing starves', ['ONLY1=1', 'FAILA=1', 'EXCL=1'], 'for ever', 'adone'),
];

const LEADER: readonly Omit<Run, 'model'>[] = [
  ...code('one leads', 'no live attempt is ended', []),
  ...code('two at once', 'no live attempt is ended', ['LEAD=0']),
  ...code('the leader dies', 'another takes over', ['LIVE'], 'swept'),
  ...lacks('a lead instead of a guard', 'no live attempt is ended', ['GUARD=0']),
  ...lacks('the lead has no end', 'another takes over', ['OVER=0', 'LIVE'], 'for ever', 'swept'),
];

const DOWNLINK: readonly Omit<Run, 'model'>[] = [
  ...code('tokens lost and taken back', 'a task runs once', ['LOSS=1', 'TAKEN=2']),
  ...code('tokens lost and taken back', 'nothing starves', ['LIVE', 'LOSS=1', 'TAKEN=1'], 'started'),
  ...code('tokens lost and taken back', 'no hot loop', ['LIVE', 'LOSS=1', 'TAKEN=1'], 'quiet'),
  ...code('nothing lost, no reconcile', 'no hoarding', ['LIVE', 'RC=0'], 'started'),
  ...lacks('deliveries kept without a slot', 'no hoarding', ['LIVE', 'RC=0', 'BEYOND=0'], 'for ever', 'started'),
  ...lacks('back before the cancel', 'no hot loop', ['LIVE', 'BEYOND=2'], 'for ever', 'quiet'),
  ...lacks('a lost token, no reconcile', 'nothing starves', ['LIVE', 'RC=0', 'LOSS=1'], 'for ever', 'started'),
];

const OUTBOX: readonly Omit<Run, 'model'>[] = [
  ...code('two relays, one killed', 'seen in order', ['LOST=0']),
  ...code('two relays, one is refused', 'seen in order', ['CRASH=0']),
  ...code('two relays, one killed', 'all are seen', ['LIVE', 'N=2'], 'told'),
  ...lacks('each relays its own', 'seen in order', ['LIST=0']),
  ...lacks('no wait for the confirm', 'seen in order', ['WAIT=0']),
  ...lacks('noted before the confirm', 'seen in order', ['MARK=0']),
];

/** Every search, the model's own defaults being what the code does. */
export const RUNS: readonly Run[] = Object.entries({
  ...{ publish: PUBLISH, path: PATH, stage: STAGE, tokens: TOKENS },
  ...{ leader: LEADER, downlink: DOWNLINK, outbox: OUTBOX },
}).flatMap(([model, runs]) => runs.map((run) => ({ ...run, model: model as Run['model'] })));

function code(variant: string, property: string, defines: readonly string[], claim?: string): Omit<Run, 'model'>[] {
  return [{ variant, property, defines, expected: 'holds', ...(claim && { claim }) }];
}

function lacks(
  variant: string,
  property: string,
  defines: readonly string[],
  expected: Run['expected'] = 'broken',
  claim?: string,
): Omit<Run, 'model'>[] {
  return [{ variant: variant, property, defines, expected, ...(claim && { claim }) }];
}
