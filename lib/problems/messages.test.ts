import { describe, expect, it } from 'vitest';
import type { Chain } from '@/lib/chain/chain';
import { parseChain } from '@/lib/chain/parse-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { LOCAL_ID_PREFIX } from '@/lib/definition/definition';
import { applyEdit } from '@/lib/edit/apply-edit';
import type { Edit } from '@/lib/edit/edit';
import { fromPlain, type JsonValue, type PlainJson } from '@/lib/json/value';
import { toActionId } from '@/testing/chain-builder';
import { definition, FAKE_TOKEN, knownWith } from '@/testing/problem-cases';
import { applySafeFixes } from './apply-fixes';
import { findChainProblems, NOTHING_KNOWN } from './find-problems';
import type { Problem, ProblemCode } from './problem';

/** The longest ids there are, in bytes as well: letters that a template can name, of three bytes each. */
const longId = (n: number): string => `名${n}`.padEnd(128, '名');
const LONG = '長'.repeat(50_000);
const ACTIONS = 2000;

function chainOf(
  actions: readonly (readonly [string, PlainJson])[],
  head: readonly (readonly [string, PlainJson])[] = [],
): Chain {
  const document = new Map<string, JsonValue>([['format', 'chainwright.chain/1']]);
  for (const [key, value] of head) document.set(key, fromPlain(value));
  document.set('actions', new Map(actions.map(([id, action]) => [id, fromPlain(action)])));
  const parsed = parseChain(document);
  if (!parsed.ok) throw new Error(parsed.error[0]?.message);
  return parsed.value;
}

const lineOf = (count: number, first: PlainJson = []): Chain =>
  chainOf(
    Array.from({ length: count }, (_, i) => [
      longId(i),
      { definition_id: 'd', depends_on: i === 0 ? first : [longId(i - 1)] },
    ]),
  );

const sizeOf = (text: string): number => new TextEncoder().encode(text).length;
const sizesOf = (problems: readonly Problem[]): readonly number[] =>
  problems.flatMap(({ message, fix }) => [sizeOf(message), sizeOf(fix?.label ?? '')]);

describe('messages of problems', () => {
  it.each([2, 3, 9, 10, 11, ACTIONS])('name a ring of %s actions with the longest ids in less than 4 KB', (count) => {
    const problems = findChainProblems(lineOf(count, [longId(count - 1)]), NOTHING_KNOWN);
    const [cycle] = problems.filter(({ code }) => code === 'cycle');
    expect(cycle!.message).toContain(longId(0));
    expect(cycle!.related).toHaveLength(count);
    expect(Math.max(...sizesOf(problems))).toBeLessThanOrEqual(4096);
    if (count > 10) expect(cycle!.message).toContain(`→ … ${(count - 3).toLocaleString('en')} more … →`);
  });

  it('name the way from an action to one that runs 2,000 actions later in less than 4 KB', () => {
    const line = lineOf(ACTIONS);
    const first = line.actions.get(toActionId(longId(0)))!;
    const inputs = fromPlain({ [LONG]: { [LONG]: [`{{ ${longId(ACTIONS - 1)}.x }}`] } });
    const chain: Chain = { ...line, actions: new Map(line.actions).set(toActionId(longId(0)), { ...first, inputs }) };
    const found = findChainProblems(chain, NOTHING_KNOWN).filter(({ code }) => code === 'reference_not_upstream');
    expect(found).toHaveLength(1);
    expect(found[0]!.message).toContain('1,996 more');
    expect(sizeOf(found[0]!.message)).toBeLessThanOrEqual(4096);
  });

  it('clip names of any length, whatever the code', () => {
    const local = `${LOCAL_ID_PREFIX}${LONG}`;
    const input = {
      type: 'object',
      properties: { [LONG]: { type: 'string' }, [`${LONG}2`]: { enum: [LONG] } },
      required: [LONG],
    };
    const output = { type: 'object', properties: { [LONG]: {}, [`${LONG}2`]: {} } };
    const known = {
      ...knownWith(
        { ...definition('d', { input, output }), name: LONG },
        { ...definition(local), name: LONG, origin: 'imported' },
        definition('unchecked', { output: { $ref: LONG, properties: { [LONG]: { pattern: LONG, format: 'uri' } } } }),
      ),
      idMap: new Map(),
      secretNames: new Set<string>(),
    };
    const a = longId(1);
    const chain = chainOf(
      [
        [
          a,
          {
            definition_id: 'd',
            inputs: {
              [`${LONG}2`]: 'x',
              [`${LONG}3`]: `{{ ${LONG} }}\n`,
              [`${LONG}4`]: FAKE_TOKEN,
              [`${LONG}5`]: 'line\r\n',
            },
          },
        ],
        [
          longId(2),
          { definition_id: local, depends_on: [a, longId(9)], inputs: { x: `{{ ${a}.${LONG}7 }} {{ ${a}.b }}` } },
        ],
        [
          longId(3),
          { definition_id: LONG, inputs: { password: LONG, x: `{{ a | ${LONG} }}`, y: `{{ a.b('${LONG}' }}` } },
        ],
        [`${'-'.repeat(127)}x`, { definition_id: 'unchecked', effect: 'read', fallback: LONG }],
      ],
      [['settings', { webhook: { url: 'https://example.org/', secret_ref: 'X'.repeat(64) } }]],
    );
    const problems = findChainProblems(chain, known);
    const expected: readonly ProblemCode[] = [
      'action_id_unnameable',
      'definition_unknown',
      'definition_unmapped',
      'dependency_missing',
      'input_required_missing',
      'input_unknown',
      'policy_conflict',
      'reference_field_unknown',
      'reference_unknown',
      'schema_unchecked',
      'secret_literal',
      'secret_suspected',
      'secret_unresolved',
      'template_syntax',
      'text_changed_by_jinja',
      'type_mismatch',
      'unused_output',
    ];
    expect([...new Set(problems.map(({ code }) => code))].sort()).toEqual(expected);
    for (const { code, message, fix } of problems) {
      expect([code, sizeOf(message) <= 4096, sizeOf(fix?.label ?? '') <= 4096]).toEqual([code, true, true]);
    }
    expect(Math.max(...sizesOf(applySafeFixes(workbenchOf(chain), known).left))).toBeLessThanOrEqual(4096);
  });
});

describe('messages of refused edits', () => {
  const refusal = (chain: Chain, edit: Edit): string => {
    const edited = applyEdit(workbenchOf(chain), edit);
    if (edited.ok) throw new Error('The edit was applied');
    return edited.error.message;
  };

  it('name a loop of 2,000 actions in less than 4 KB, from end to end', () => {
    const [from, to] = [toActionId(longId(ACTIONS - 1)), toActionId(longId(0))];
    const message = refusal(lineOf(ACTIONS), { type: 'connect', from, to });
    expect(message.startsWith(`would loop: ${from} → ${to} → `)).toBe(true);
    expect(message.endsWith(` → ${from}`)).toBe(true);
    expect(sizeOf(message)).toBeLessThanOrEqual(4096);
  });

  it('name some of 2,000 readers in less than 4 KB', () => {
    const read = toActionId(longId(0));
    const readers = Array.from({ length: ACTIONS - 1 }, (_, i): readonly [string, PlainJson] => [
      longId(i + 1),
      { definition_id: 'd', inputs: { x: `{{ ${read}.x }}` } },
    ]);
    const chain = chainOf([[read, { definition_id: 'd' }], ...readers]);
    const message = refusal(chain, { type: 'rename-action', from: read, to: toActionId('no name') });
    expect(message).toContain('and 1,994 more');
    expect(sizeOf(message)).toBeLessThanOrEqual(4096);
  });

  it('clip places and names', () => {
    const id = toActionId(longId(0));
    for (const edit of [
      { type: 'set-input', id, path: [LONG, LONG], value: 'x' },
      { type: 'allow-literal', pointer: `/${LONG}` },
      { type: 'set-sample-input', name: LONG, value: undefined },
      { type: 'choose-sample-input', name: LONG },
    ] satisfies readonly Edit[]) {
      expect(sizeOf(refusal(lineOf(1), edit))).toBeLessThanOrEqual(4096);
    }
  });
});
