import fc from 'fast-check';
import type { Action, Chain, Settings } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import type { CardLayout, NoteId, StickyNote, Workbench } from '@/lib/chain/workbench';
import { RETRYABLE_KINDS } from '@/lib/failure/action-failure';
import { type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { arbitraryJson, arbitraryJsonObject, arbitraryText } from './arbitrary-json';

const toNumeral = (text: string): Numeral => new Numeral(text);

const isActionId = (text: string): text is ActionId => parseActionId(text).ok;

/** Any id that the one rule accepts: plain names mostly, then names of `Object.prototype`, numbers, dashes, emoji. */
export const arbitraryActionId: fc.Arbitrary<ActionId> = fc
  .oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_]{0,7}$/) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        '__proto__',
        'constructor',
        'toString',
        '10',
        '2',
        'a-b',
        'a/b',
        'a~b',
        'end',
        'for',
        '名前',
        '👩‍🚀',
      ),
    },
    { weight: 1, arbitrary: arbitraryText },
  )
  .filter(isActionId);

const arbitraryExtra: fc.Arbitrary<JsonObject> = fc
  .array(fc.tuple(fc.constantFrom('x-owner', 'x-', 'x-2', 'x-1', 'x-__proto__'), arbitraryJson({ depthMax: 2 })), {
    maxLength: 2,
  })
  .map((entries) => new Map(entries));

const arbitrarySeconds = fc.constantFrom('0.1', '1', '10', '30.0', '3e1', '3600').map(toNumeral);

const arbitraryRetry = fc.record(
  {
    max_attempts: fc.constantFrom('1', '3', '4.0', '100').map(toNumeral),
    initial_delay_sec: fc.constantFrom('0', '0.5', '1.0').map(toNumeral),
    multiplier: fc.constantFrom('1', '2', '2.50').map(toNumeral),
    max_delay_sec: arbitrarySeconds,
    jitter: fc.constantFrom('full', 'none'),
    max_elapsed_sec: arbitrarySeconds,
    on: fc.uniqueArray(fc.constantFrom(...RETRYABLE_KINDS), { maxLength: 3 }),
    extra: arbitraryExtra,
  },
  { requiredKeys: ['extra'] },
);

const arbitraryWebhook = fc.record(
  {
    url: fc.constantFrom('https://example.org/status', 'http://127.0.0.1:8080/hook?a=1'),
    secret_ref: fc.constant('STATUS_WEBHOOK_SECRET'),
    events: fc.constantFrom('actions', 'run', 'all'),
    extra: arbitraryExtra,
  },
  { requiredKeys: ['url', 'extra'] },
);

const arbitrarySettings: fc.Arbitrary<Settings> = fc.record(
  {
    binding: fc.constantFrom('typed', 'text'),
    undefined: fc.constantFrom('strict', 'lenient'),
    max_concurrency: fc.constantFrom('1', '5', '64').map(toNumeral),
    timeout_sec: arbitrarySeconds,
    deadline_sec: fc.oneof(fc.constant(null), arbitrarySeconds),
    on_failure: fc.constantFrom('halt', 'continue'),
    retry: arbitraryRetry,
    webhook: arbitraryWebhook,
    extra: arbitraryExtra,
  },
  { requiredKeys: ['extra'] },
);

/** One action with any of its keys but `depends_on`. Its templates are ordinary text: they need not lead anywhere. */
export const arbitraryAction: fc.Arbitrary<Action> = fc.record(
  {
    definition_id: fc.stringMatching(/^[a-z0-9-]{1,12}$/),
    inputs: fc.oneof(
      { weight: 4, arbitrary: arbitraryJsonObject({ depthMax: 2 }) },
      { weight: 1, arbitrary: arbitraryText },
    ),
    label: arbitraryText,
    notes: arbitraryText,
    disabled: fc.boolean(),
    when: fc.constantFrom('{{ input.flag }}', '{{ true }}'),
    run_if: fc.constantFrom('all_completed', 'all_done'),
    timeout_sec: arbitrarySeconds,
    retry: arbitraryRetry,
    on_failure: fc.constantFrom('halt', 'continue', 'fallback'),
    fallback: arbitraryJson({ depthMax: 1 }),
    effect: fc.constantFrom('read', 'idempotent', 'write'),
    extra: arbitraryExtra,
  },
  { requiredKeys: ['definition_id', 'extra'] },
);

interface ChainShape {
  /** 8 unless told. */
  readonly actionsMax?: number;
}

/** What an action depends on, before the other ids are known: numbers to pick by, and an id of nobody. */
interface Wishes {
  readonly picks: readonly number[];
  readonly missing: ActionId | null;
}

const arbitraryHead = fc.record(
  {
    $schema: fc.constant('https://example.org/schema/chain-1.json'),
    name: arbitraryText,
    description: arbitraryText,
    inputs: arbitraryJsonObject({ depthMax: 3 }),
    settings: arbitrarySettings,
    extra: arbitraryExtra,
  },
  { requiredKeys: ['extra'] },
);

const arbitraryNode = fc.record({
  id: arbitraryActionId,
  action: arbitraryAction,
  wishes: fc.option(
    fc.record({ picks: fc.array(fc.nat(1000), { maxLength: 4 }), missing: fc.option(arbitraryActionId, { freq: 5 }) }),
    { freq: 4 },
  ),
  rank: fc.nat(1000),
});

function chainWith(
  shape: ChainShape,
  dependenciesOf: (wishes: Wishes, ids: readonly ActionId[], index: number) => readonly (ActionId | undefined)[],
): fc.Arbitrary<Chain> {
  const nodes = fc.uniqueArray(arbitraryNode, { maxLength: shape.actionsMax ?? 8, selector: ({ id }) => id });
  return fc.tuple(arbitraryHead, nodes).map(([head, listed]) => {
    const ids = listed.map(({ id }) => id);
    const entries = listed.map(({ id, action, wishes, rank }, index) => {
      const dependsOn =
        wishes === null ? undefined : dependenciesOf(wishes, ids, index).filter((dep) => dep !== undefined);
      const whole: Action = dependsOn === undefined ? action : { ...action, depends_on: [...new Set(dependsOn)] };
      return { id, action: whole, rank };
    });
    entries.sort((a, b) => a.rank - b.rank);
    return { ...head, actions: new Map(entries.map(({ id, action }) => [id, action])) };
  });
}

/** Chains without a cycle and without a missing dependency; document order says nothing about the order of running. */
export const arbitraryAcyclicChain = (shape: ChainShape = {}): fc.Arbitrary<Chain> =>
  chainWith(shape, ({ picks }, ids, index) => picks.map((pick) => (index === 0 ? undefined : ids[pick % index])));

/** Chains that can be read: cycles, self-loops and missing dependencies occur. */
export const arbitraryChain = (shape: ChainShape = {}): fc.Arbitrary<Chain> =>
  chainWith(shape, ({ picks, missing }, ids) => [...picks.map((pick) => ids[pick % ids.length]), missing ?? undefined]);

const arbitraryPixels = fc.integer({ min: -5000, max: 5000 });
const arbitraryLayout: fc.Arbitrary<CardLayout> = fc.record({ x: arbitraryPixels, y: arbitraryPixels });
const arbitraryNote: fc.Arbitrary<StickyNote> = fc.record({
  x: arbitraryPixels,
  y: arbitraryPixels,
  width: fc.integer({ min: 1, max: 2000 }),
  height: fc.integer({ min: 1, max: 2000 }),
  text: arbitraryText,
});

const arbitraryBeside = fc.record({
  cards: fc.array(
    fc.record({
      layout: fc.option(arbitraryLayout),
      pin: fc.option(fc.record({ output: arbitraryJson({ depthMax: 2 }) })),
    }),
    {
      maxLength: 8,
    },
  ),
  notes: fc.array(fc.tuple(fc.constantFrom('n1', 'n2', '__proto__'), arbitraryNote), { maxLength: 3 }),
  sampleInputs: fc.array(fc.tuple(fc.constantFrom('Default', '10', '2', '__proto__'), arbitraryJson({ depthMax: 2 })), {
    maxLength: 3,
  }),
  allowedLiterals: fc.subarray(['/actions/a/inputs/token', '/actions/a~1b/inputs/key', '/name']),
  connectionId: fc.constantFrom(null, 'simulator', 'production'),
  chosen: fc.nat(3),
});

/** A workbench around one chain: what is keyed by action names actions of the chain. */
export const arbitraryWorkbench = (chains: fc.Arbitrary<Chain> = arbitraryChain()): fc.Arbitrary<Workbench> =>
  fc.tuple(chains, arbitraryBeside).map(([chain, beside]) => {
    const layout = new Map<ActionId, CardLayout>();
    const pins = new Map<ActionId, JsonValue>();
    [...chain.actions.keys()].forEach((id, index) => {
      const card = beside.cards[index];
      if (card === undefined) return;
      if (card.layout !== null) layout.set(id, card.layout);
      if (card.pin !== null) pins.set(id, card.pin.output);
    });
    const sampleInputs = new Map<string, JsonValue>(beside.sampleInputs);
    return {
      chain,
      layout,
      notes: new Map(beside.notes.map(([id, note]) => [id as NoteId, note])),
      sampleInputs,
      pins,
      allowedLiterals: new Set(beside.allowedLiterals),
      sampleInputName: [...sampleInputs.keys()][beside.chosen] ?? null,
      connectionId: beside.connectionId,
    };
  });
