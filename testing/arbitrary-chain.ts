import fc from 'fast-check';
import { type Action, type Chain, RETRYABLE_KINDS, type Settings } from '@/lib/chain/chain';
import { type ActionId, parseActionId } from '@/lib/chain/ids';
import type { CardLayout, NoteId, StickyNote, Workbench } from '@/lib/chain/workbench';
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

export const arbitrarySettings: fc.Arbitrary<Settings> = fc.record(
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

/** One action with any of its keys. Its templates are ordinary text: no reference is promised to lead anywhere. */
export const arbitraryAction = (dependsOn: fc.Arbitrary<readonly ActionId[]>): fc.Arbitrary<Action> =>
  fc.record(
    {
      definition_id: fc.stringMatching(/^[a-z0-9-]{1,12}$/),
      depends_on: dependsOn,
      inputs: fc.oneof(
        { weight: 4, arbitrary: arbitraryJsonObject({ depthMax: 3 }) },
        arbitraryJson({ depthMax: 1 }).filter((value) => value !== null),
      ),
      label: arbitraryText,
      notes: arbitraryText,
      disabled: fc.boolean(),
      when: fc.constantFrom('{{ input.flag }}', '{{ true }}'),
      run_if: fc.constantFrom('all_completed', 'all_done'),
      timeout_sec: arbitrarySeconds,
      retry: arbitraryRetry,
      on_failure: fc.constantFrom('halt', 'continue', 'fallback'),
      fallback: arbitraryJson({ depthMax: 2 }),
      effect: fc.constantFrom('read', 'idempotent', 'write'),
      extra: arbitraryExtra,
    },
    { requiredKeys: ['definition_id', 'extra'] },
  );

interface ChainShape {
  readonly actionsMax?: number;
}

function chainWith(
  shape: ChainShape,
  dependenciesOf: (ids: readonly ActionId[], index: number) => fc.Arbitrary<readonly ActionId[]>,
) {
  const { actionsMax = 8 } = shape;
  return fc.uniqueArray(arbitraryActionId, { maxLength: actionsMax }).chain((ids) =>
    fc
      .record(
        {
          $schema: fc.constant('https://example.org/schema/chain-1.json'),
          name: arbitraryText,
          description: arbitraryText,
          inputs: arbitraryJsonObject({ depthMax: 3 }),
          settings: arbitrarySettings,
          actions: fc.tuple(...ids.map((_, index) => arbitraryAction(dependenciesOf(ids, index)))),
          order: fc.shuffledSubarray([...ids.keys()], { minLength: ids.length }),
          extra: arbitraryExtra,
        },
        { requiredKeys: ['actions', 'order', 'extra'] },
      )
      .map(({ actions, order, ...head }): Chain => {
        return { ...head, actions: new Map(order.map((index) => [ids[index]!, actions[index]!])) };
      }),
  );
}

/** Chains without a cycle and without a missing dependency; document order and dependency order are independent. */
export const arbitraryAcyclicChain = (shape: ChainShape = {}): fc.Arbitrary<Chain> =>
  chainWith(shape, (ids, index) => fc.shuffledSubarray(ids.slice(0, index), { maxLength: Math.min(4, index) }));

/** Chains that can be read: cycles, self-loops and missing dependencies occur. */
export const arbitraryChain = (shape: ChainShape = {}): fc.Arbitrary<Chain> =>
  chainWith(shape, (ids) =>
    fc
      .tuple(
        fc.shuffledSubarray([...ids], { maxLength: Math.min(3, ids.length) }),
        fc.array(arbitraryActionId, { maxLength: 1 }),
      )
      .map(([known, missing]) => [...new Set([...known, ...missing])]),
  );

const arbitraryPixels = fc.integer({ min: -5000, max: 5000 });
const arbitraryLayout: fc.Arbitrary<CardLayout> = fc.record({ x: arbitraryPixels, y: arbitraryPixels });
const arbitraryNote: fc.Arbitrary<StickyNote> = fc.record({
  x: arbitraryPixels,
  y: arbitraryPixels,
  width: fc.integer({ min: 1, max: 2000 }),
  height: fc.integer({ min: 1, max: 2000 }),
  text: arbitraryText,
});

/** A workbench around one chain: what is keyed by action names actions of the chain. */
export function arbitraryWorkbench(chains: fc.Arbitrary<Chain> = arbitraryChain()): fc.Arbitrary<Workbench> {
  return chains.chain((chain) => {
    const byAction = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<ReadonlyMap<ActionId, T>> =>
      fc
        .subarray([...chain.actions.keys()])
        .chain((ids) => fc.tuple(...ids.map((id) => value.map((item) => [id, item] as const))))
        .map((entries) => new Map(entries));
    return fc
      .record({
        layout: byAction(arbitraryLayout),
        notes: fc
          .uniqueArray(fc.tuple(fc.constantFrom('n1', 'n2', '__proto__'), arbitraryNote), { selector: ([id]) => id })
          .map((entries) => new Map(entries as [NoteId, StickyNote][])),
        sampleInputs: fc
          .array(fc.tuple(fc.constantFrom('Default', '10', '2', '__proto__'), arbitraryJson({ depthMax: 2 })), {
            maxLength: 3,
          })
          .map((entries) => new Map<string, JsonValue>(entries)),
        pins: byAction(arbitraryJson({ depthMax: 2 })),
        allowedLiterals: fc
          .subarray(['/actions/a/inputs/token', '/actions/a~1b/inputs/key', '/name'])
          .map((pointers) => new Set(pointers)),
        connectionId: fc.constantFrom(null, 'simulator', 'production'),
        chosen: fc.nat(3),
      })
      .map(({ chosen, ...beside }) => ({
        chain,
        ...beside,
        sampleInputName: [...beside.sampleInputs.keys()][chosen] ?? null,
      }));
  });
}
