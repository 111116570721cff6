import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { type JsonText, Numeral } from '@/lib/json/value';
import { reuseKey } from '@/lib/plan/reuse-key';
import { chainOf, toActionId, withAction, withSettings } from '@/testing/chain-builder';
import { planOf, withStep } from '@/testing/plan-builder';
import { outlineOf, traceOf } from '@/testing/run-trace';
import { failureOf, outputOf } from '@/testing/scripted-calls';
import { createEngine } from './engine';
import { emptyRun, reduceRun } from './reduce-run';
import { type SimulatedAnswer, type SimulationOptions, simulateRun } from './simulate-run';

type Script = Readonly<Record<string, SimulatedAnswer['answer'] | readonly SimulatedAnswer['answer'][]>>;

/** Every call takes 100 ms; the n-th answer of a list is for attempt n. */
function run(plan: ReturnType<typeof planOf>, script: Script = {}, options: SimulationOptions = {}) {
  const answers = new Map(Object.entries(script));
  return simulateRun(
    plan,
    ({ actionId, attempt }) => {
      const scripted = answers.get(actionId) ?? outputOf(`{"from":${JSON.stringify(actionId)}}`);
      const answer = Array.isArray(scripted) ? scripted[attempt - 1] : (scripted as SimulatedAnswer['answer']);
      if (answer === undefined) throw new Error(`Attempt ${attempt} of ${actionId} is not in the script`);
      return { answer, latencyMs: 100 };
    },
    () => 0.5,
    options,
  );
}

const oneSlot = (chain: Chain): Chain => withSettings(chain, { max_concurrency: new Numeral('1') });
const goOn = (chain: Chain): Chain => withSettings(chain, { on_failure: 'continue' });

describe('order', () => {
  //  A ──────────────► D      B and C lie on the longer path, so D waits for C.
  //  └──► B ──► C ─────┘
  it('starts a join after its longest path', () => {
    const events = run(planOf(chainOf('A D B C', 'A>D', 'A>B>C>D')));
    expect(outlineOf(events).filter((line) => line.startsWith('started'))).toEqual([
      'started A',
      'started B',
      'started C',
      'started D',
    ]);
  });

  it('starts an action as soon as its own needs have ended, whatever others do', () => {
    const plan = planOf(chainOf('slow quick after', 'quick>after'));
    const events = simulateRun(
      plan,
      ({ actionId }) => ({ answer: outputOf('1'), latencyMs: actionId === 'slow' ? 1000 : 10 }),
      () => 0,
    );
    const at = (line: string) => events[outlineIndex(traceOf(events), line)]!.atMs;
    expect(at('started after')).toBe(10);
    expect(at('completed slow')).toBe(1000);
  });

  it('gives a free slot to the lowest plan position, and with one slot runs in plan order', () => {
    const plan = planOf(oneSlot(chainOf('c b a d', 'c>d')));
    expect(outlineOf(run(plan)).filter((line) => line.startsWith('started'))).toEqual([
      'started c',
      'started b',
      'started a',
      'started d',
    ]);
  });

  it('tells that an action is ready although no slot is free', () => {
    const plan = planOf(oneSlot(chainOf('a b')));
    expect(traceOf(run(plan))).toEqual([
      'run started',
      'queued a',
      'queued b',
      'started a',
      'completed a',
      'started b',
      'completed b',
      'finished completed',
    ]);
  });

  it('needs one append more than a line has actions', () => {
    const plan = planOf(chainOf('a b c', 'a>b>c'));
    const times = new Set(run(plan).map(({ atMs }) => atMs));
    expect(times.size).toBe(4);
  });

  it('finishes an empty chain at once', () => {
    expect(traceOf(run(planOf(chainOf(''))))).toEqual(['run started', 'finished completed']);
  });
});

describe('on_failure', () => {
  //  a ──► b ──► c
  //  d
  const chain = chainOf('a b c d', 'a>b>c');

  it('halts: what is in flight ends, the rest is skipped and says by whom', () => {
    const two = withSettings(chain, { max_concurrency: new Numeral('2') });
    const events = simulateRun(
      planOf(withSettings(chainOf('a d b c', 'a>b>c'), two.settings!)),
      ({ actionId }) => ({
        answer: actionId === 'a' ? failureOf('not_found') : outputOf('1'),
        latencyMs: actionId === 'a' ? 50 : 100,
      }),
      () => 0,
    );
    expect(outlineOf(events)).toEqual([
      'run started',
      'started a',
      'started d',
      'failed a (not_found, not-listed)',
      'skipped b (halted a)',
      'skipped c (halted a)',
      'completed d',
      'finished failed',
    ]);
  });

  it('ends retries that wait when another action halts the run', () => {
    const events = run(planOf(chainOf('a b')), {
      a: failureOf('rate_limited', { retryAfterMs: 60_000 }),
      b: failureOf('not_found'),
    });
    expect(outlineOf(events)).toContain('failed a (rate_limited, halted)');
    expect(events.at(-1)!.atMs).toBe(100);
  });

  it('does not retry what fails in flight after a halt', () => {
    const events = simulateRun(
      planOf(chainOf('a b')),
      ({ actionId }) => ({
        answer: actionId === 'a' ? failureOf('not_found') : failureOf('rate_limited'),
        latencyMs: actionId === 'a' ? 50 : 100,
      }),
      () => 0,
    );
    expect(outlineOf(events)).toContain('failed b (rate_limited, halted)');
  });

  it('continues: only descendants are skipped, each naming the nearest that stands in its way', () => {
    const events = run(planOf(goOn(chain)), { a: failureOf('server_error') });
    expect(outlineOf(events)).toEqual([
      'run started',
      'started a',
      'started d',
      'failed a (server_error, not-listed)',
      'completed d',
      'skipped b (upstream a)',
      'skipped c (upstream b)',
      'finished completed_with_failures',
    ]);
  });

  //  a ──┬──► c
  //  b ──┘
  it('names the nearest in plan order when several stand in the way', () => {
    const events = run(planOf(goOn(chainOf('a b c', 'a>c', 'b>c'))), {
      a: failureOf('not_found'),
      b: failureOf('not_found'),
    });
    expect(outlineOf(events)).toContain('skipped c (upstream b)');
  });

  it('falls back: completed with the fallback’s output, and the failure that it replaced', () => {
    const withFallback = withAction(chain, 'a', { on_failure: 'fallback', fallback: { from: 'nobody' } });
    const plan = planOf(withAction(withFallback, 'b', { inputs: { x: '{{ a.from }}' } }));
    const events = run(plan, { a: failureOf('timeout') });
    const a = events.find((event) => event.type === 'action.completed');
    expect(a).toMatchObject({ provenance: 'fallback', replaced: { kind: 'timeout', mayHaveHappened: true } });
    const b = events.find((event) => event.type === 'action.started' && event.actionId === 'b');
    expect(b).toMatchObject({ inputs: { text: '{"x":"nobody"}' } });
    expect(events.at(-1)).toMatchObject({ status: 'completed' });
  });

  it('falls back for a template that fails too', () => {
    const plan = planOf(
      withAction(chainOf('a b', 'a>b'), 'b', {
        inputs: { x: '{{ a.missing.deeper }}' },
        on_failure: 'fallback',
        fallback: null,
      }),
    );
    expect(outlineOf(run(plan)).slice(-2)).toEqual(['completed b (fallback)', 'finished completed']);
  });
});

describe('conditions and templates', () => {
  it('skips on a false condition, and with it what depends on the action', () => {
    const chain = withAction(chainOf('a b c', 'a>b>c'), 'b', { when: '{{ a.go }}' });
    expect(outlineOf(run(planOf(chain), { a: outputOf('{"go":false}') })).slice(-3)).toEqual([
      'skipped b (condition)',
      'skipped c (upstream b)',
      'finished completed',
    ]);
    expect(outlineOf(run(planOf(chain), { a: outputOf('{"go":true}') }))).toContain('started c');
  });

  it('runs after a skipped or failed need with run_if all_done', () => {
    const chain = withAction(goOn(chainOf('a b', 'a>b')), 'b', { run_if: 'all_done' });
    expect(outlineOf(run(planOf(chain), { a: failureOf('not_found') }))).toContain('completed b');
  });

  it('makes no call when a template fails, and says where', () => {
    const chain = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { list: ['{{ a.missing.deeper }}'] } });
    const events = run(planOf(chain));
    const failed = events.find((event) => event.type === 'action.failed');
    expect(failed).toMatchObject({
      actionId: 'b',
      attempt: 0,
      failure: { kind: 'template_error', mayHaveHappened: false, where: { path: '/list/0', line: 1 } },
      retriesEnded: 'not-listed',
    });
    expect(outlineOf(events)).not.toContain('started b');
    expect(events.at(-1)).toMatchObject({ status: 'failed' });
  });

  it('puts only ancestors in reach of a template', () => {
    const chain = withAction(chainOf('a b c', 'a>c'), 'c', { inputs: { x: '{{ b.from }}' } });
    const events = run(withStepInputs(planOf(withAction(chain, 'c', { inputs: {} })), 'c', '{"x":"{{ b.from }}"}'));
    expect(events.find((event) => event.type === 'action.failed')).toMatchObject({
      actionId: 'c',
      failure: { kind: 'template_error' },
    });
  });

  it('hands numbers on with their spelling', () => {
    const chain = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { id: '{{ a.id }}', share: '{{ a.share }}' } });
    const events = run(planOf(chain), { a: outputOf('{"id":9007199254740993,"share":2.0}') });
    expect(events.find((event) => event.type === 'action.started' && event.actionId === 'b')).toMatchObject({
      inputs: { text: '{"id":9007199254740993,"share":2.0}' },
    });
  });

  it('fails an action whose recorded output is no JSON as internal, and the run lives', () => {
    const chain = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { x: '{{ a.x }}' } });
    const plan = planOf(chain);
    const engine = createEngine(plan, emptyRun(plan.runId), textOfInline, (text) => ({ type: 'inline', text }));
    engine.decide([{ type: 'begun' }], 0, () => 0.5);
    const { facts, effects, isOver } = engine.decide(
      [{ type: 'answered', actionId: toActionId('a'), answer: outputOf('{broken'), latencyMs: 1 }],
      1,
      () => 0.5,
    );
    expect(facts).toContainEqual(
      expect.objectContaining({
        type: 'action.failed',
        actionId: 'b',
        failure: expect.objectContaining({ kind: 'internal', message: expect.stringContaining('CW-80000000') }),
      }),
    );
    expect(effects).toMatchObject([{ type: 'report-defect', incidentId: 'CW-80000000' }]);
    expect(isOver).toBe(true);
  });
});

describe('pinned, disabled, mocked and reused actions', () => {
  it('completes a pin at once, without its needs and without its condition', () => {
    const chain = withAction(chainOf('a b c', 'a>b>c'), 'b', { when: '{{ a.never }}' });
    const pins = new Map([[toActionId('b'), '{"pinned":true}' as JsonText]]);
    const events = run(planOf(withAction(chain, 'c', { inputs: { x: '{{ b.pinned }}' } }), { pins }));
    expect(outlineOf(events).slice(0, 4)).toEqual(['run started', 'completed b (pinned)', 'started a', 'started c']);
    expect(events.find((event) => event.type === 'action.started' && event.actionId === 'c')).toMatchObject({
      inputs: { text: '{"x":true}' },
    });
  });

  it('passes over a disabled action once its turn comes, and over what depends on it', () => {
    const chain = withAction(chainOf('a b c', 'a>b>c'), 'b', { disabled: true });
    expect(outlineOf(run(planOf(chain)))).toEqual([
      'run started',
      'started a',
      'completed a',
      'skipped b (disabled)',
      'skipped c (upstream b)',
      'finished completed',
    ]);
  });

  it('takes the n-th mocked answer for attempt n, the last for all later ones', () => {
    const mocks = new Map([[toActionId('a'), [failureOf('rate_limited'), failureOf('rate_limited'), outputOf('7')]]]);
    const events = run(planOf(chainOf('a'), { mocks }));
    expect(outlineOf(events)).toEqual([
      'run started',
      'started a',
      'retry a in 500',
      'started a #2',
      'retry a in 1000',
      'started a #3',
      'completed a (mocked)',
      'finished completed',
    ]);
  });

  it('reuses an output while its key holds, and calls after all when it does not', () => {
    const plan = planOf(withAction(chainOf('a'), 'a', { inputs: { id: 1 } }));
    const key = reuseKey({
      definitionId: 'definition-of-a',
      connectionId: plan.connection.id,
      inputs: '{"id":1}' as JsonText,
    });
    const reuse = (reuseKey: string) =>
      withStep(plan, 'a', {
        source: { type: 'reused', fromRunId: plan.runId, reuseKey, output: { type: 'inline', text: '5' as JsonText } },
      });
    expect(outlineOf(run(reuse(key)))).toContain('completed a (reused)');
    expect(outlineOf(run(reuse('another')))).toContain('completed a');
  });
});

describe('retries', () => {
  it('keeps the slot while a retry waits, so one slot stays sequential', () => {
    const events = run(planOf(oneSlot(chainOf('a b'))), { a: [failureOf('rate_limited'), outputOf('1')] });
    expect(outlineOf(events)).toEqual([
      'run started',
      'started a',
      'retry a in 500',
      'started a #2',
      'completed a',
      'started b',
      'completed b',
      'finished completed',
    ]);
  });

  it('sends the same inputs and the same call key again', () => {
    const plan = planOf(withAction(chainOf('a'), 'a', { inputs: { id: 1 } }));
    const starts = run(plan, { a: [failureOf('rate_limited'), outputOf('1')] }).filter(
      (event) => event.type === 'action.started',
    );
    expect(starts.map(({ attempt, callKey, inputs }) => [attempt, callKey, inputs])).toEqual([
      [1, 'key-1', { type: 'inline', text: '{"id":1}' }],
      [2, 'key-1', { type: 'inline', text: '{"id":1}' }],
    ]);
  });

  it('gives up after max_attempts and keeps every attempt', () => {
    const plan = planOf(chainOf('a'));
    const events = run(plan, { a: failureOf('rate_limited') });
    expect(outlineOf(events).at(-2)).toBe('failed a (rate_limited, attempts)');
    const state = reduceRun(emptyRun(plan.runId), events);
    expect(
      state.actionById.get(toActionId('a'))?.attempts.map(({ attempt, latencyMs }) => [attempt, latencyMs]),
    ).toEqual([
      [1, 100],
      [2, 100],
      [3, 100],
      [4, 100],
    ]);
  });

  it('ends at once on a Retry-After beyond max_elapsed_sec', () => {
    const events = run(planOf(chainOf('a')), { a: failureOf('rate_limited', { retryAfterMs: 120_000 }) });
    expect(outlineOf(events)).toContain('failed a (rate_limited, elapsed)');
    expect(events.at(-1)!.atMs).toBe(100);
  });
});

describe('deadline', () => {
  const withDeadline = (chain: Chain, seconds: string) => withSettings(chain, { deadline_sec: new Numeral(seconds) });

  it('starts nothing past it; what is in flight may outlast it', () => {
    const events = run(planOf(withDeadline(chainOf('a b c', 'a>b>c'), '0.15')));
    expect(outlineOf(events)).toEqual([
      'run started',
      'started a',
      'completed a',
      'started b',
      'skipped c (deadline)',
      'completed b',
      'finished timed_out',
    ]);
    expect(events.at(-1)!.atMs).toBe(200);
  });

  it('does not name a run timed out that lost nothing by it', () => {
    expect(outlineOf(run(planOf(withDeadline(chainOf('a'), '0.1')))).at(-1)).toBe('finished completed');
  });

  it('starts nothing past it even before anyone says that it has passed', () => {
    const plan = planOf(withDeadline(chainOf('a b', 'a>b'), '1'));
    const engine = createEngine(plan, emptyRun(plan.runId), textOfInline, (text) => ({ type: 'inline', text }));
    engine.decide([{ type: 'begun' }], 0, () => 0);
    const answered = { type: 'answered', actionId: toActionId('a'), answer: outputOf('1'), latencyMs: 1000 } as const;
    const { facts, effects } = engine.decide([answered], 1000, () => 0);
    expect(facts).toContainEqual({ type: 'action.skipped', actionId: 'b', because: { type: 'deadline' } });
    expect(effects).toEqual([]);
  });

  it('ends a retry that could only start past it', () => {
    const events = run(planOf(withDeadline(chainOf('a'), '0.5')), { a: failureOf('rate_limited') });
    expect(outlineOf(events).slice(-2)).toEqual(['failed a (rate_limited, deadline)', 'finished timed_out']);
    expect(events.at(-1)!.atMs).toBe(100);
  });
});

describe('cancel', () => {
  it('aborts what is in flight, skips the rest and ends retries that wait', () => {
    const events = run(
      planOf(chainOf('a b c', 'a>c')),
      { b: failureOf('rate_limited', { retryAfterMs: 5000 }) },
      { cancelAfterMs: 150 },
    );
    expect(outlineOf(events)).toEqual([
      'run started',
      'started a',
      'started b',
      'completed a',
      'retry b in 5000',
      'started c',
      'cancel requested',
      'failed b (rate_limited, cancelled)',
      'failed c (cancelled, cancelled)',
      'finished cancelled',
    ]);
    expect(events.at(-1)!.atMs).toBe(150);
  });

  it('uses no fallback for a cancelled action', () => {
    const chain = withAction(chainOf('a'), 'a', { on_failure: 'fallback', fallback: 1 });
    expect(outlineOf(run(planOf(chain), {}, { cancelAfterMs: 50 })).slice(-2)).toEqual([
      'failed a (cancelled, cancelled)',
      'finished cancelled',
    ]);
  });

  it('ends a run that was halting as cancelled when it aborted a call', () => {
    const plan = planOf(chainOf('a b'));
    const events = simulateRun(
      plan,
      ({ actionId }) => ({ answer: failureOf('not_found'), latencyMs: actionId === 'a' ? 10 : 100 }),
      () => 0,
      { cancelAfterMs: 50 },
    );
    expect(outlineOf(events).slice(-2)).toEqual(['failed b (cancelled, cancelled)', 'finished cancelled']);
  });

  it('is recorded once, however often it is asked for', () => {
    const plan = planOf(chainOf('a'));
    const engine = createEngine(plan, emptyRun(plan.runId), textOfInline, (text) => ({ type: 'inline', text }));
    engine.decide([{ type: 'begun' }], 0, () => 0);
    const { facts } = engine.decide([{ type: 'cancel-requested' }, { type: 'cancel-requested' }], 1, () => 0);
    expect(facts).toEqual([{ type: 'run.cancel-requested' }]);
  });
});

describe('decisions', () => {
  it('decides signals that came together as one, so an end and what it starts are one record', () => {
    const plan = planOf(chainOf('a b', 'a>b'));
    const engine = createEngine(plan, emptyRun(plan.runId), textOfInline, (text) => ({ type: 'inline', text }));
    engine.decide([{ type: 'begun' }], 0, () => 0);
    const { facts } = engine.decide(
      [{ type: 'answered', actionId: toActionId('a'), answer: outputOf('1'), latencyMs: 5 }],
      5,
      () => 0,
    );
    expect(facts.map(({ type }) => type)).toEqual(['action.completed', 'action.queued', 'action.started']);
  });

  it('takes an answer without a call as a defect', () => {
    const plan = planOf(chainOf('a'));
    const engine = createEngine(plan, emptyRun(plan.runId), textOfInline, (text) => ({ type: 'inline', text }));
    const answered = { type: 'answered', actionId: toActionId('a'), answer: outputOf('1'), latencyMs: 0 } as const;
    expect(() => engine.decide([{ type: 'begun' }, answered, answered], 0, () => 0)).toThrow('no call was in flight');
  });

  it('runs ids that are names of Object.prototype', () => {
    const chain = withAction(chainOf('constructor __proto__', 'constructor>__proto__'), '__proto__', {
      inputs: { x: '{{ constructor.from }}' },
    });
    expect(outlineOf(run(planOf(chain))).at(-1)).toBe('finished completed');
  });
});

const textOfInline = (body: { readonly type: string; readonly text?: JsonText }): JsonText => {
  if (body.text === undefined) throw new Error('Only inline bodies here');
  return body.text;
};

const withStepInputs = (plan: ReturnType<typeof planOf>, id: string, inputs: string) =>
  withStep(plan, id, { inputs: inputs as JsonText });

const outlineIndex = (lines: readonly string[], line: string): number => {
  const at = lines.indexOf(line);
  if (at < 0) throw new Error(`${line} is not among ${lines.join(', ')}`);
  return at;
};
