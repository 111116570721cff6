import type { Chain } from '@/lib/chain/chain';
import { type Definition, LOCAL_ID_PREFIX } from '@/lib/definition/definition';
import { fromPlain, type PlainJson } from '@/lib/json/value';
import { type Known, NOTHING_KNOWN } from '@/lib/problems/draft';
import type { Problem, ProblemCode } from '@/lib/problems/problem';
import { chainFrom, chainOf } from './chain-builder';

/** A definition of the connection; the one called `reader` is told to read. */
export const definition = (
  id: string,
  schemas: { readonly input?: PlainJson; readonly output?: PlainJson } = {},
): Definition => ({
  id,
  name: id.toUpperCase(),
  description: '',
  inputSchema: schemas.input === undefined ? null : fromPlain(schemas.input),
  outputSchema: schemas.output === undefined ? null : fromPlain(schemas.output),
  effect: id === 'reader' ? 'read' : null,
  origin: 'connection',
});

export const knownWith = (...definitions: readonly Definition[]): Known => ({
  ...NOTHING_KNOWN,
  definitions: new Map(definitions.map((each) => [each.id, each])),
});

/** What the cases are checked against unless they say otherwise. */
export const KNOWN = knownWith(
  definition('d'),
  definition('reader'),
  definition('lookup', {
    input: {
      type: 'object',
      properties: {
        account_id: { type: 'string' },
        options: { type: 'object', properties: { deep: { type: 'boolean' } }, required: ['deep'] },
      },
      required: ['account_id'],
    },
    output: {
      type: 'object',
      properties: {
        customer_id: { type: 'string' },
        orders: { type: 'array', items: { type: 'object', properties: { total: { type: 'number' } } } },
        items: { type: 'array' },
      },
    },
  }),
  definition('list', { output: { type: 'array', items: { type: 'object', properties: { Id: { type: 'string' } } } } }),
);

export type Actions = { readonly [id: string]: { readonly [key: string]: PlainJson } };
/** A document literal whose actions call `d` unless they say otherwise. */
export const documentOf = (actions: Actions, head: { readonly [key: string]: PlainJson } = {}): Chain =>
  chainFrom({
    ...head,
    actions: Object.fromEntries(Object.entries(actions).map(([id, action]) => [id, { definition_id: 'd', ...action }])),
  });

/** A document that has a problem, and one that just has not. */
export interface ProblemCase {
  readonly code: ProblemCode;
  readonly title: string;
  /** Has the problem once. */
  readonly bad: Chain;
  readonly expected: Partial<Problem>;
  /** Differs as little as can be and has it not. */
  readonly good: Chain;
  readonly isFixable?: boolean;
  /** What is known beside both documents; {@link KNOWN} unless told. */
  readonly known?: Known;
  /** What is known beside the good one, where that makes the difference. */
  readonly knownOfGood?: Known;
}

/** `a` gives a customer, and an input of `b` is the template. */
export const reading = (template: string, more: Actions = {}): Chain =>
  documentOf({
    a: { definition_id: 'lookup', inputs: { account_id: '1' } },
    b: { depends_on: ['a'], inputs: { x: template } },
    ...more,
  });

const local = `${LOCAL_ID_PREFIX}lookup`;
const imported: Definition = { ...definition('lookup'), id: local, origin: 'imported' };
const knownMapped = (map: ReadonlyMap<string, string>): Known => ({
  ...knownWith(definition('d'), definition('lookup'), imported),
  idMap: map,
});

/** Made up: right in form, good for nothing. */
export const FAKE_TOKEN = `ghp_${'aB3'.repeat(12)}`;

const webhook = (keys: { readonly [key: string]: PlainJson }): { readonly settings: PlainJson } => ({
  settings: { webhook: { url: 'https://example.org/status', ...keys } },
});

/** Of every code that a chain can have, at least one. */
export const PROBLEM_CASES: readonly ProblemCase[] = [
  {
    code: 'dependency_missing',
    title: 'a dependency on no action',
    bad: documentOf({ a: {}, b: { depends_on: ['a', 'aa'], inputs: { x: '{{ a }}' } } }),
    good: documentOf({ a: {}, aa: {}, b: { depends_on: ['a', 'aa'], inputs: { x: '{{ a }}' } } }),
    expected: {
      path: '/actions/b/depends_on/1',
      action: 'b' as never,
      message: 'b depends on aa, and there is no such action. Did you mean a?',
    },
    isFixable: true,
  },
  {
    code: 'parallel_possible',
    title: 'actions that could run side by side in a chain of one slot',
    bad: documentOf(
      { a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['a'] } },
      { settings: { max_concurrency: 1 } },
    ),
    good: documentOf(
      { a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b'] } },
      { settings: { max_concurrency: 1 } },
    ),
    expected: {
      path: '/settings/max_concurrency',
      message: '2 actions could run side by side; max_concurrency is 1, so they run one at a time.',
    },
    isFixable: true,
  },
  {
    code: 'parallel_possible',
    title: 'actions beside one that is disabled',
    bad: documentOf({ a: {}, b: {}, c: { disabled: true } }, { settings: { max_concurrency: 1 } }),
    good: documentOf({ a: {}, b: { disabled: true } }, { settings: { max_concurrency: 1 } }),
    expected: { message: '2 actions could run side by side; max_concurrency is 1, so they run one at a time.' },
    isFixable: true,
  },
  {
    code: 'dependency_self',
    title: 'an action that depends on itself',
    bad: documentOf({ a: { depends_on: ['a'] } }),
    good: documentOf({ a: { depends_on: [] } }),
    expected: { path: '/actions/a/depends_on/0', message: 'a depends on itself.', related: ['a'] as never },
    isFixable: true,
  },
  {
    code: 'cycle',
    title: 'actions that wait for one another, cut where no template reads',
    bad: documentOf({
      a: { depends_on: ['c'] },
      b: { depends_on: ['a'], inputs: { x: '{{ a.x }}' } },
      c: { depends_on: ['b'], inputs: { x: '{{ b.x }}' } },
    }),
    good: documentOf({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b'] } }),
    expected: {
      path: '/actions/a/depends_on/0',
      related: ['a', 'b', 'c'] as never,
      message: 'These actions wait for one another: a → b → c → a.',
      fix: {
        label: 'Cut c → a, which no template uses',
        edit: { type: 'disconnect', edges: [{ from: 'c' as never, to: 'a' as never }] },
        isSafe: false,
      },
    },
    isFixable: true,
  },
  {
    code: 'template_syntax',
    title: 'a template that cannot be read',
    bad: reading('{{ a.customer_id'),
    good: reading('{{ a.customer_id }}'),
    expected: { path: '/actions/b/inputs/x', action: 'b' as never },
  },
  {
    code: 'template_unsupported',
    title: 'a tag that we do not have',
    bad: reading("{% include 'x' %}"),
    good: reading("{{ 'include' }}"),
    expected: { path: '/actions/b/inputs/x' },
  },
  {
    code: 'reference_unknown',
    title: 'a name that nothing has',
    bad: reading('{{ imput.x }}'),
    good: reading('{{ input.x }}'),
    expected: {
      path: '/actions/b/inputs/x',
      range: { line: 1, column: 4, length: 5 },
      message: 'b, inputs.x: nothing is called imput here. Did you mean input?',
    },
    isFixable: true,
  },
  {
    code: 'reference_not_upstream',
    title: 'a read of an action that is not waited for',
    bad: documentOf({ a: {}, b: { inputs: { list: [{ x: 'Hi {{ a.x }}' }] } } }),
    good: documentOf({
      a: {},
      m: { depends_on: ['a'] },
      b: { depends_on: ['m'], inputs: { list: [{ x: 'Hi {{ a.x }}' }] } },
    }),
    expected: {
      path: '/actions/b/inputs/list/0/x',
      range: { line: 1, column: 7, length: 1 },
      message: 'b, inputs.list[0].x: b reads a, but does not wait for it.',
      related: ['a'] as never,
    },
    isFixable: true,
  },
  {
    code: 'reference_field_unknown',
    title: 'a field that the output has not',
    bad: reading('{{ a.customer_idd }}'),
    good: reading('{{ a.customer_id }}'),
    expected: {
      path: '/actions/b/inputs/x',
      range: { line: 1, column: 6, length: 12 },
      message: 'b, inputs.x: customer_idd is not in the output of a. Did you mean customer_id?',
    },
    isFixable: true,
  },
  {
    code: 'reference_field_unknown',
    title: 'a field of a list, where each item has it',
    bad: documentOf({ a: { definition_id: 'list' }, b: { depends_on: ['a'], inputs: { x: '{{ a.Id }}' } } }),
    good: documentOf({ a: { definition_id: 'list' }, b: { depends_on: ['a'], inputs: { x: '{{ a.0.Id }}' } } }),
    expected: {
      range: { line: 1, column: 6, length: 2 },
      message: 'b, inputs.x: the output of a is of type list of object, so it has no field Id. Did you mean a[0].Id?',
    },
    isFixable: true,
  },
  {
    code: 'reference_field_unknown',
    title: 'a field of a text',
    bad: reading('{{ a.customer_id.Id }}'),
    good: reading('{{ a.customer_id.upper }} {{ a.customer_id.upper() }} {{ a.customer_id[0] }}'),
    expected: { message: 'b, inputs.x: customer_id of the output of a is of type string, so it has no field Id.' },
  },
  {
    code: 'possibly_undefined',
    title: 'a read of an action with a condition, by one that runs anyway',
    bad: documentOf({
      a: { when: '{{ input.x }}' },
      b: { depends_on: ['a'], run_if: 'all_done', inputs: { x: '{{ a.x }}' } },
    }),
    good: documentOf({
      a: { when: '{{ input.x }}' },
      b: { depends_on: ['a'], run_if: 'all_done', inputs: { x: '{{ a.x if a is defined }}' } },
    }),
    expected: {
      path: '/actions/b/inputs/x',
      range: { line: 1, column: 4, length: 1 },
      related: ['a'] as never,
      message:
        "b, inputs.x: a may have no output here: it is skipped when its condition is false, and b runs all the same. Guard the read, as in {{ … if a is defined else '' }}.",
    },
  },
  {
    code: 'parity',
    title: 'a method name that shadows a field',
    bad: reading('{{ a.items | length }}'),
    good: reading("{{ a['items'] | length }} {{ a.items() | length }} {{ a.orders.items }} {{ a.keys }}"),
    expected: {
      path: '/actions/b/inputs/x',
      range: { line: 1, column: 6, length: 5 },
      message: "b, inputs.x: a.items is a method of every object, not the field items; a['items'] reads the field.",
    },
    isFixable: true,
  },
  {
    code: 'when_not_expression',
    title: 'a condition with text beside its expression',
    bad: documentOf({ a: { when: 'not {{ input.x }}' } }),
    good: documentOf({ a: { when: ' {{ not input.x }} ' } }),
    expected: {
      path: '/actions/a/when',
      message: 'a, when: a condition is exactly one {{ expression }}, and nothing beside it.',
    },
  },
  {
    code: 'policy_conflict',
    title: 'a fallback that is never used',
    bad: documentOf({ a: { fallback: {}, on_failure: 'halt' } }),
    good: documentOf({ a: { fallback: {}, on_failure: 'fallback' } }),
    expected: {
      path: '/actions/a/fallback',
      message: 'a has a fallback that is never used: its on_failure is halt, not fallback.',
    },
    isFixable: true,
  },
  {
    code: 'policy_conflict',
    title: 'a fallback that is wanted and not there',
    bad: documentOf({ a: { on_failure: 'fallback' } }),
    good: documentOf({ a: { on_failure: 'fallback', fallback: null } }),
    expected: { path: '/actions/a/on_failure' },
    isFixable: true,
  },
  {
    code: 'action_id_unnameable',
    title: 'an id that no template can name',
    bad: documentOf({ 'Fetch customer': {}, b: { depends_on: ['Fetch customer'] } }),
    good: documentOf({ fetch_customer: {}, b: { depends_on: ['fetch_customer'] } }),
    expected: {
      path: '/actions/Fetch customer',
      fix: {
        label: 'Rename to fetch_customer (2 places)',
        edit: { type: 'rename-action', from: 'Fetch customer' as never, to: 'fetch_customer' as never },
        isSafe: false,
      },
    },
    isFixable: true,
  },
  {
    code: 'definition_unknown',
    title: 'a definition that the connection does not offer',
    bad: documentOf({ a: { definition_id: 'lokup' } }),
    good: documentOf({ a: { definition_id: 'lookup' } }),
    expected: {
      path: '/actions/a/definition_id',
      message: 'a calls the definition “lokup”, which the connection does not offer. Did you mean lookup?',
    },
  },
  {
    code: 'input_required_missing',
    title: 'a required input that is missing',
    bad: documentOf({ a: { definition_id: 'lookup' } }),
    good: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: null } } }),
    expected: {
      path: '/actions/a/inputs/account_id',
      message: 'a: inputs.account_id is missing; LOOKUP requires it (string).',
    },
  },
  {
    code: 'input_required_missing',
    title: 'a required input inside an object',
    bad: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '1', options: {} } } }),
    good: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '1', options: '{{ input.options }}' } } }),
    expected: { path: '/actions/a/inputs/options/deep' },
  },
  {
    code: 'input_unknown',
    title: 'an input that the definition does not know',
    bad: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '1', option: true } } }),
    good: documentOf({ a: { definition_id: 'd', inputs: { account_id: '1', option: true } } }),
    expected: {
      path: '/actions/a/inputs/option',
      message: 'a: LOOKUP knows no input option. Did you mean options?',
    },
  },
  {
    code: 'retry_unsafe',
    title: 'a write that is tried again after a failure that may have had its effect',
    bad: documentOf({ a: { definition_id: 'reader', retry: { on: ['rate_limited', 'timeout'] } } }),
    good: documentOf({ a: { definition_id: 'reader', retry: { on: ['rate_limited'] } } }),
    expected: {
      path: '/actions/a/retry/on',
      message: 'a writes and is tried again after timeout: a call that failed so may have taken effect already.',
    },
    isFixable: true,
  },
  {
    code: 'retry_unsafe',
    title: 'the retries of the whole chain',
    bad: documentOf({ a: {}, b: { effect: 'read' } }, { settings: { retry: { on: ['network'] } } }),
    good: documentOf(
      { a: { retry: { max_attempts: 1 } }, b: { effect: 'read' } },
      { settings: { retry: { on: ['network'] } } },
    ),
    expected: { path: '/settings/retry/on', action: 'a' as never },
  },
  {
    code: 'edge_redundant',
    title: 'an edge that a longer path implies',
    bad: chainOf('a b c', 'a>b>c', 'a>c'),
    good: documentOf({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b', 'a'], inputs: { x: '{{ a.x }}' } } }),
    expected: { path: '/actions/c/depends_on/1', related: ['a'] as never },
    isFixable: true,
  },
  {
    code: 'edge_order_only',
    title: 'an edge that no template reads over',
    bad: chainOf('a b', 'a>b'),
    good: documentOf({ a: {}, b: { depends_on: ['a'], when: '{{ a.x }}' } }),
    expected: {
      path: '/actions/b/depends_on/0',
      message: 'b waits for a, but no template of it reads a: the edge only orders.',
    },
  },
  {
    code: 'policy_conflict',
    title: 'retries after a failure that is never tried again',
    bad: documentOf({ a: { effect: 'write', retry: { on: ['rate_limited', 'template_error', 'cancelled'] } } }),
    good: documentOf({ a: { effect: 'write', retry: { on: ['rate_limited'] } } }),
    expected: {
      path: '/actions/a/retry/on',
      message:
        'The retries of a name template_error, cancelled: what failed so never goes better when it is tried again, or is over.',
    },
    isFixable: true,
  },
  {
    code: 'policy_conflict',
    title: 'retries of the whole chain after a failure that is never tried again',
    bad: documentOf({ a: {} }, { settings: { retry: { on: ['interrupted'] } } }),
    good: documentOf({ a: {} }, { settings: { retry: { on: [] } } }),
    expected: { path: '/settings/retry/on' },
    isFixable: true,
  },
  {
    code: 'edge_redundant',
    title: 'an edge past an action that passes skips on, unlike one that runs anyway',
    bad: documentOf({ a: {}, b: { depends_on: ['a'] }, c: { depends_on: ['b', 'a'] } }),
    good: documentOf({ a: {}, b: { depends_on: ['a'], run_if: 'all_done' }, c: { depends_on: ['b', 'a'] } }),
    expected: { path: '/actions/c/depends_on/1' },
    isFixable: true,
  },
  {
    code: 'secret_literal',
    title: 'a text in the form of a credential',
    bad: documentOf({ a: { inputs: { headers: [{ x: FAKE_TOKEN }] } } }),
    good: documentOf({ a: { inputs: { headers: [{ x: FAKE_TOKEN.slice(0, -5) }] } } }),
    expected: {
      path: '/actions/a/inputs/headers/0/x',
      action: 'a' as never,
      message:
        'a, inputs.headers[0].x holds a GitHub token. Credentials belong to the connection, or to a secret that secret_ref names.',
      fix: {
        label: 'Not a secret',
        edit: { type: 'allow-literal', pointer: '/actions/a/inputs/headers/0/x' },
        isSafe: false,
      },
    },
    isFixable: true,
  },
  {
    code: 'secret_suspected',
    title: 'a text whose key says that it is a credential',
    bad: documentOf({ a: { inputs: { client_secret: 'tr0ub4dor' } } }),
    good: documentOf({ a: { inputs: { client_secret: '{{ input.client_secret }}' } } }),
    expected: { path: '/actions/a/inputs/client_secret' },
    isFixable: true,
  },
  {
    code: 'secret_unresolved',
    title: 'a secret that nobody has',
    bad: documentOf({ a: {} }, webhook({ secret_ref: 'STATUS' })),
    good: documentOf({ a: {} }, webhook({ secret_ref: 'STATUS' })),
    known: { ...KNOWN, secretNames: new Set(['OTHER']) },
    knownOfGood: { ...KNOWN, secretNames: new Set(['STATUS']) },
    expected: {
      path: '/settings/webhook/secret_ref',
      message:
        'No secret is called STATUS: CHAINWRIGHT_SECRET_STATUS is not set, and nothing of that name is stored. The webhook cannot be signed.',
    },
  },
  {
    code: 'definition_unmapped',
    title: 'an imported definition that the connection has under the same name',
    bad: documentOf({ a: { definition_id: local } }),
    good: documentOf({ a: { definition_id: local } }),
    known: knownMapped(new Map()),
    knownOfGood: knownMapped(new Map([[local, 'lookup']])),
    expected: {
      path: '/actions/a/definition_id',
      message: 'a calls “local:lookup”, and the connection does not say which of its definitions that is.',
      fix: {
        label: 'Call LOOKUP of the connection',
        edit: { type: 'patch-action', id: 'a' as never, patch: { definition_id: 'lookup' } },
        isSafe: false,
      },
    },
    isFixable: true,
  },
  {
    code: 'type_mismatch',
    title: 'a value of another type than the definition wants',
    bad: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: 1 } } }),
    good: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '{{ 1 }}' } } }),
    expected: {
      path: '/actions/a/inputs/account_id',
      message: 'a: inputs.account_id is of type number; expected string (LOOKUP).',
    },
  },
  {
    code: 'type_mismatch',
    title: 'a text where an object is expected, beside a template',
    bad: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '{{ 1 }}', options: 'deep' } } }),
    good: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '{{ 1 }}', options: { deep: true } } } }),
    expected: { path: '/actions/a/inputs/options' },
  },
  {
    code: 'type_mismatch',
    title: 'a list that holds a template where an object is expected',
    bad: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '1', options: ['{{ 1 }}'] } } }),
    good: documentOf({ a: { definition_id: 'lookup', inputs: { account_id: '1', options: { deep: '{{ 1 }}' } } } }),
    expected: {
      path: '/actions/a/inputs/options',
      message: 'a: inputs.options is of type array; expected object (LOOKUP).',
    },
  },
  {
    code: 'timeout_never_reached',
    title: 'a timeout above the deadline',
    bad: documentOf({ a: { timeout_sec: 10.5 } }, { settings: { deadline_sec: 10 } }),
    good: documentOf({ a: { timeout_sec: 10 } }, { settings: { deadline_sec: 10 } }),
    expected: {
      path: '/actions/a/timeout_sec',
      message: 'A call of a may take 10.5 s, and the whole run ends after 10 s.',
    },
    isFixable: true,
  },
  {
    code: 'timeout_never_reached',
    title: 'a timeout of the whole chain above its deadline',
    bad: documentOf({ a: {} }, { settings: { timeout_sec: 20, deadline_sec: 10 } }),
    good: documentOf({ a: {} }, { settings: { deadline_sec: 10 } }),
    expected: { path: '/settings/timeout_sec' },
    isFixable: true,
  },
  {
    code: 'unused_output',
    title: 'an action that reads, and whose output no template reads',
    bad: documentOf({ a: { effect: 'read' }, b: { depends_on: ['a'] } }),
    good: documentOf({ a: { effect: 'read' }, b: { depends_on: ['a'], when: '{{ a.x }}' } }),
    expected: { path: '/actions/a', message: 'a only reads, and no template reads its output.' },
  },
  {
    code: 'schema_unchecked',
    title: 'a pattern in the schema of the chain’s inputs',
    bad: documentOf({ a: {} }, { inputs: { properties: { id: { type: 'string', pattern: '^(a+)+$' } } } }),
    good: documentOf({ a: {} }, { inputs: { properties: { pattern: { type: 'string' } } } }),
    expected: {
      path: '/inputs/properties/id/pattern',
      message: 'The inputs of this chain are not checked against pattern (one place of the schema).',
    },
  },
  {
    code: 'schema_unchecked',
    title: 'a format in the schema of a definition, at the first action that calls it',
    bad: documentOf({ a: { definition_id: 'uri' }, b: { definition_id: 'uri' } }),
    good: documentOf({ a: { definition_id: 'date' } }),
    known: knownWith(
      definition('uri', { output: { properties: { at: { format: 'uri' }, or: { format: 'int32' } } } }),
      definition('date', { output: { properties: { at: { format: 'date' } } } }),
    ),
    expected: {
      path: '/actions/a/definition_id',
      message: 'a: values of URI are not checked against format: uri (one place of the schema).',
    },
  },
  {
    code: 'text_changed_by_jinja',
    title: 'a text that ends with a line end',
    bad: documentOf({ a: { inputs: { body: 'Dear Sir\n' } } }),
    good: documentOf({ a: { inputs: { body: 'Dear\nSir' } } }),
    expected: {
      path: '/actions/a/inputs/body',
      message: 'a, inputs.body: Jinja2 would leave out the line end at its end; here it is sent as it stands.',
    },
  },
];

/** Of every code that refuses a text, one text that is refused and one that just is not. */
export const REFUSED_CASES: readonly {
  readonly code: ProblemCode;
  readonly bad: string;
  readonly good: string;
  readonly path: string;
}[] = [
  {
    code: 'json_syntax',
    bad: chainText('"a": {"definition_id": "d",}'),
    good: chainText('"a": {"definition_id": "d"}'),
    path: '/actions/a',
  },
  {
    code: 'duplicate_key',
    bad: chainText('"a": {"definition_id": "d"}, "a": {"definition_id": "d"}'),
    good: chainText('"a": {"definition_id": "d"}, "A": {"definition_id": "d"}'),
    path: '/actions/a',
  },
  {
    code: 'schema',
    bad: chainText('"a": {"definition_id": "d", "dependson": []}'),
    good: chainText('"a": {"definition_id": "d", "x-dependson": []}'),
    path: '/actions/a/dependson',
  },
  {
    code: 'action_id',
    bad: chainText('"input": {"definition_id": "d"}'),
    good: chainText('"inputs": {"definition_id": "d"}'),
    path: '/actions/input',
  },
  {
    code: 'limit',
    bad: chainText(`"a": {"definition_id": "d", "inputs": ${'['.repeat(62)}${']'.repeat(62)}}`),
    good: chainText(`"a": {"definition_id": "d", "inputs": ${'['.repeat(61)}${']'.repeat(61)}}`),
    path: `/actions/a/inputs${'/0'.repeat(61)}`,
  },
];

/** Of every code that only an import tells, one text with it and one that just has it not. */
export const IMPORTED_CASES: readonly {
  readonly code: ProblemCode;
  readonly bad: string;
  readonly good: string;
  readonly path: string;
}[] = [
  {
    code: 'dependency_duplicate',
    bad: chainText('"a": {"definition_id": "d"}, "b": {"definition_id": "d", "depends_on": ["a", "a"]}'),
    good: chainText('"a": {"definition_id": "d"}, "b": {"definition_id": "d", "depends_on": ["a"]}'),
    path: '/actions/b/depends_on',
  },
  {
    code: 'mapping_key_kept',
    bad: '{"a": {"definition_id": "d", "owner": "me"}}',
    good: '{"a": {"definition_id": "d", "label": "me"}}',
    path: '/actions/a/x-owner',
  },
];

/** Of every code that only an export tells, one chain that loses something as a mapping and one that just does not. */
export const EXPORTED_CASES: readonly {
  readonly code: ProblemCode;
  readonly bad: Chain;
  readonly good: Chain;
  readonly path: string;
}[] = [
  {
    code: 'mapping_lossy',
    bad: documentOf({ a: { on_failure: 'continue' } }, { settings: { binding: 'text' } }),
    good: documentOf({ a: { on_failure: 'halt' } }, { settings: { binding: 'text' } }),
    path: '/actions/a/on_failure',
  },
];

function chainText(actions: string): string {
  return `{"format": "chainwright.chain/1", "actions": {${actions}}}`;
}
