import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Action, Chain } from '@/lib/chain/chain';
import { inputsOf } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { graphOf } from '@/lib/graph/chain-graph';
import { findAncestors } from '@/lib/graph/reach';
import { printCompactJson } from '@/lib/json/print-json';
import { fromPlain, type JsonValue } from '@/lib/json/value';
import { type BindRequest, bindInputs, evaluateCondition } from '@/lib/template/bind-inputs';
import { actionOf, chainOf, toActionId as id, type PlainAction, withAction } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { chainOfDependencies } from '@/testing/graph-builder';
import { applyEdit } from './apply-edit';
import { findBroken } from './what-breaks';

function renamed(workbench: Workbench, from: string, to: string): Workbench {
  const result = applyEdit(workbench, { type: 'rename-action', from: id(from), to: to as ActionId });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.workbench;
}
const renamedIn = (chain: Chain, from: string, to: string): Chain => renamed(workbenchOf(chain), from, to).chain;

/** `a` as every way that a template has to name an action, and where its letters must stay as they are. */
const PIECES: readonly string[] = [
  '{{ a.x }}',
  "{{ a['x'] }}",
  '{{ a["deep"].z }}',
  '{{ a }}',
  '{{a.x}}{{- a.y -}}',
  '{{ a\n  .x }}',
  '{{ (a).deep["z"] }}',
  '{{ a.list[0] }}{{ a.list[-1] }}{{ a.list[1:] }}',
  '{{ b.list[a.index] }}',
  '{{ b[a.key] }}',
  '{{ a[a.key] }}',
  '{{ b.x | default(a.x) }}',
  '{{ b.none | default(a.x, true) }}',
  '{{ b.list | join(a.sep) }}',
  '{{ a.x | replace("a", a.y) }}',
  '{{ a.list | map("upper") | join(d=a.sep) }}',
  '{{ b.rows | map(attribute="a") | join }}',
  '{{ "yes" if a.flag else a.x }}',
  '{{ a.x if a is defined and a.flag else "a" }}',
  '{% if a.flag %}{{ a.x }}{% elif a.x %}{{ a.y }}{% else %}{{ b.x }}{% endif %}',
  '{{ a is defined }} {{ a.missing is defined }}',
  '{{ not a.flag or a.index == 1 }}',
  '{{ a == b }} {{ a.x in a.list }}',
  '{{ [a.x, {"a": a.y}] }}',
  '{{ {"a": a.x}["a"] }} {{ {"a": 1}.a }}',
  '{{ a.items() | list | length }} {{ a.keys() | list }}',
  '{{ "a.x" ~ a.x ~ \'a\' }}',
  '{{ b.a }} {{ b["a"] }} {{ b.deep.a }}',
  '{# {{ a.x }} #}',
  '{% raw %}{{ a.x }}{% endraw %}',
  '{{ input.a }} {{ ab.x }}',
  '{{ a.missing }}',
  '{{ a.x | nofilter }}',
  '{{ a.x',
  ' a.x a b ',
  '"a"',
];

const OUTPUT: JsonValue = fromPlain({
  x: 'X of it',
  y: 'Y',
  a: 'field a',
  none: null,
  flag: true,
  index: 1,
  key: 'x',
  sep: '-a-',
  list: ['one a', 'two', 'three'],
  deep: { z: [1, 2.5], a: 'deep a' },
  rows: [{ a: 1 }, { a: 2 }],
});

type Mode = Pick<BindRequest, 'binding' | 'undefinedMode'>;
const MODES: readonly Mode[] = [
  { binding: 'typed', undefinedMode: 'strict' },
  { binding: 'typed', undefinedMode: 'lenient' },
  { binding: 'text', undefinedMode: 'strict' },
  { binding: 'text', undefinedMode: 'lenient' },
];

/** What every field of every action renders to, with an output for each action. What fails is told by its place alone. */
function renderAll(chain: Chain, mode: Mode, nameBefore = (name: ActionId): ActionId => name) {
  const graph = graphOf(chain);
  return new Map(
    [...chain.actions].map(([of, action]) => {
      const scope = new Map<string, JsonValue>([['input', OUTPUT]]);
      for (const ancestor of findAncestors(graph, of)) scope.set(ancestor, outputOf(nameBefore(ancestor)));
      const inputs = inputsOf(action) as ReadonlyMap<string, JsonValue>;
      const fields = [...inputs].map(([key, value]) => {
        const bound = bindInputs({ inputs: value, scope, ...mode });
        return bound.ok
          ? { key, text: printCompactJson(bound.value.value), warnings: bound.value.warnings }
          : { key, failsAt: bound.error.path };
      });
      const when = evaluateCondition({ when: action.when ?? '{{ true }}', scope, ...mode });
      return [nameBefore(of), { fields, when: when.ok && when.value }];
    }),
  );
}

const outputOf = (name: ActionId): JsonValue =>
  new Map([...(OUTPUT as ReadonlyMap<string, JsonValue>), ['name', `output of ${name.length} letters`]]);

const arbitraryText = fc.oneof(
  fc.constantFrom(...PIECES),
  fc.array(fc.constantFrom(...PIECES), { minLength: 2, maxLength: 4 }).map((pieces) => pieces.join('')),
);

const arbitraryReader: fc.Arbitrary<PlainAction> = fc
  .tuple(
    arbitraryText,
    arbitraryText,
    arbitraryText,
    fc.option(fc.constantFrom('{{ a.flag }}', '{{ b.flag }}', '{{ a.missing }}')),
  )
  .map(([one, two, three, when]) => ({
    inputs: { a: one, 'a.x': [two, { a: three, '{{ a.x }}': 1 }], plain: 'a' },
    ...(when === null ? {} : { when }),
  }));

const NEW_NAMES = [
  ...['z', 'a_', 'aa', 'x', 'items', 'constructor', '__proto__', 'naïve', '名前', 'A', 'yes', 'default', 'upper'],
  ...['10', 'a-b', 'not a name', 'if', 'loop', 'None', '👩‍🚀', 'a.x', '{{ a }}'],
];

describe('renaming an action', () => {
  it('leaves every rendered value of every action as it was (property)', () => {
    const readers = fc.tuple(arbitraryReader, arbitraryReader, arbitraryReader, arbitraryReader);
    fc.assert(
      fc.property(
        readers,
        fc.constantFrom(...NEW_NAMES),
        fc.constantFrom('a', 'b', 'ab', 'c'),
        fc.constantFrom(...MODES),
        (plain, to, from, mode) => {
          // c reads a and b, d reads all of them; b too reads a, and ab nobody.
          const keys = ['b', 'c', 'd', 'ab'];
          const chain = plain.reduce(
            (made, reader, i) => withAction(made, keys[i]!, reader),
            chainOf('a b c d ab', 'a>b>c>d', 'a>d', 'ab>c'),
          );
          const isRead = findBroken(chain, [id(from)]).some(({ reads }) => reads.length > 0);
          const result = applyEdit(workbenchOf(chain), { type: 'rename-action', from: id(from), to: to as ActionId });
          if (!result.ok) {
            expect(result.error.type).toBe('bad-id');
            expect(isNameableInTemplate(to)).toBe(false);
            return;
          }
          expect(isNameableInTemplate(to) || !isRead).toBe(true);
          const after = result.value.workbench.chain;
          const nameBefore = (name: ActionId): ActionId => (name === to ? id(from) : name);
          expect(renderAll(after, mode, nameBefore)).toEqual(renderAll(chain, mode));
          expect([...after.actions.keys()].map(nameBefore)).toEqual([...chain.actions.keys()]);
          // There and back is byte for byte the same.
          expect(renamedIn(after, to, from)).toEqual(chain);
        },
      ),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('renders something in nearly every way of naming an action, so that the property means something', () => {
    const readers = PIECES.map(
      (piece, i) => [id(`r${i}`), actionOf({ depends_on: ['a', 'b', 'ab'], inputs: { piece } })] as const,
    );
    const drawn = chainOf('a b ab');
    const chain: Chain = { ...drawn, actions: new Map([...drawn.actions, ...readers]) };
    const rendered = renderAll(chain, MODES[0]!);
    const failing = PIECES.filter((_, i) => 'failsAt' in rendered.get(id(`r${i}`))!.fields[0]!);
    expect(failing).toEqual(['{{ a.missing }}', '{{ a.x | nofilter }}', '{{ a.x']);
  });

  it('changes nothing but references: labels, notes, fallbacks, keys, definition ids and texts stay', () => {
    const same: Partial<Action> = { definition_id: 'a', label: '{{ a.x }}', notes: 'a', fallback: '{{ a.x }}' };
    const extra = new Map([['x-a', '{{ a.x }}']]);
    const chain = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { a: ['a', '{{ a.x }}'] } });
    const reader: Action = { ...chain.actions.get(id('b'))!, ...same, extra };
    const document: Chain = {
      ...chain,
      description: '{{ a.x }}',
      inputs: fromPlain({ default: { x: '{{ a.x }}' } }),
      actions: new Map(chain.actions).set(id('b'), reader),
    };
    const after = renamedIn(document, 'a', 'z');
    expect(after).toMatchObject({ description: '{{ a.x }}', inputs: document.inputs });
    expect(after.actions.get(id('b'))).toEqual({
      ...reader,
      depends_on: ['z'],
      inputs: fromPlain({ a: ['a', '{{ z.x }}'] }),
    });
  });

  it('to a name that no template can say goes through where none says the old one, and back to a nameable one', () => {
    const chain = withAction(chainOf('a b', 'a>b'), 'b', { inputs: { text: 'a' } });
    const unnameable = renamedIn(chain, 'a', 'fetch customer');
    expect(unnameable.actions.get(id('b'))!.depends_on).toEqual(['fetch customer']);
    expect(renamedIn(unnameable, 'fetch customer', 'a')).toEqual(chain);
  });

  it('makes it the action that templates named before anything had the id', () => {
    const chain = withAction(chainOf('a b', 'a>b', 'load>b'), 'b', { inputs: { x: '{{ load.x }} {{ a.x }}' } });
    expect(renamedIn(chain, 'a', 'load').actions.get(id('b'))).toMatchObject({
      depends_on: ['load'],
      inputs: fromPlain({ x: '{{ load.x }} {{ load.x }}' }),
    });
  });

  it('takes card, pin and allowed literals along, and drops what lay beside the chain for the new id', () => {
    const workbench: Workbench = {
      ...workbenchOf(chainOf('a b')),
      layout: new Map([
        [id('load'), { x: 9, y: 9 }],
        [id('a'), { x: 1, y: 1 }],
      ]),
      pins: new Map([[id('load'), 'made for another action']]),
      allowedLiterals: new Set(['/actions/load/inputs/token', '/actions/a/inputs/token', '/name']),
    };
    const after = renamed(workbench, 'a', 'load');
    expect(after.layout).toEqual(new Map([[id('load'), { x: 1, y: 1 }]]));
    expect(after.pins.size).toBe(0);
    expect([...after.allowedLiterals]).toEqual(['/actions/load/inputs/token', '/name']);
    const pinned = renamed({ ...workbench, pins: new Map(workbench.pins).set(id('a'), 'own') }, 'a', 'load');
    expect(pinned.pins).toEqual(new Map([[id('load'), 'own']]));
    expect(renamed(workbenchOf(chainOf('a')), 'a', 'z').allowedLiterals).toEqual(new Set());
  });

  it('in the middle of 2,000 actions that all read it touches each once', () => {
    const names = Array.from({ length: 1999 }, (_, i) => `r${i}`);
    const rows = names.map((name) => [name, ['hub']] as const);
    const chain = chainOfDependencies([['hub', []], ...rows]);
    const reading: Chain = {
      ...chain,
      actions: new Map(
        [...chain.actions].map(([name, action]) =>
          name === 'hub' ? [name, action] : [name, { ...action, inputs: fromPlain({ x: '{{ hub.x }}' }) }],
        ),
      ),
    };
    const after = renamedIn(reading, 'hub', 'centre');
    expect(after.actions.get(id('r1998'))).toMatchObject({
      depends_on: ['centre'],
      inputs: new Map([['x', '{{ centre.x }}']]),
    });
  });
});
