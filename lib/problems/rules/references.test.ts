import { describe, expect, it } from 'vitest';
import { workbenchOf } from '@/lib/chain/workbench';
import { applyEdit } from '@/lib/edit/apply-edit';
import { fromPlain, type PlainJson } from '@/lib/json/value';
import { type Actions, definition, documentOf, knownWith } from '@/testing/problem-cases';
import { findChainProblems, NOTHING_KNOWN } from '../find-problems';
import type { Problem, ProblemCode } from '../problem';

const ITEM = {
  type: 'object',
  properties: { Id: { type: 'string' }, list: { type: 'array', items: { type: 'integer' } } },
};

/** What is said of a template of `b` that reads `a`, which gives what the schema says. */
const saidOf = (template: string, output: PlainJson): readonly Problem[] =>
  findChainProblems(
    documentOf({ a: { definition_id: 'a' }, b: { depends_on: ['a'], inputs: { x: template } } }),
    knownWith(definition('a', { output }), definition('d')),
  );

const messageOf = (template: string, output: PlainJson): string | undefined =>
  saidOf(template, output)[0]?.message.replace('b, inputs.x: ', '');

const fixed = (template: string, output: PlainJson): unknown => {
  const [problem] = saidOf(template, output);
  const chain = documentOf({ a: { definition_id: 'a' }, b: { depends_on: ['a'], inputs: { x: template } } });
  const edited = problem?.fix === undefined ? undefined : applyEdit(workbenchOf(chain), problem.fix.edit);
  return edited?.ok === true ? edited.value.workbench.chain.actions.get('b' as never)?.inputs : undefined;
};

describe('fields of what has none', () => {
  const listOf = (items: PlainJson): PlainJson => ({ type: 'array', items });
  it.each<[string, PlainJson, string]>([
    ['{{ a.Id }}', listOf(ITEM), '{{ a[0].Id }}'],
    ["{{ a['Id'] }}", listOf(ITEM), "{{ a[0]['Id'] }}"],
    ['{{ a . Id }}', listOf(ITEM), '{{ a[0] . Id }}'],
    ["{{ a['rows'].Id }}", { properties: { rows: listOf(ITEM) } }, "{{ a['rows'][0].Id }}"],
    ['{{ a[1].Id }}', listOf(listOf(ITEM)), '{{ a[1][0].Id }}'],
  ])('reads the first item of a list instead: %s', (template, output, right) => {
    expect(saidOf(template, output)).toMatchObject([{ code: 'reference_field_unknown', fix: { isSafe: false } }]);
    expect(fixed(template, output)).toEqual(fromPlain({ x: right }));
  });

  it.each<[string, PlainJson, string]>([
    ['{{ a.name }}', listOf(ITEM), 'the output of a is of type list of object, so it has no field name.'],
    [
      '{{ a[0].list.x }}',
      listOf(ITEM),
      '[0].list of the output of a is of type list of integer, so it has no field x.',
    ],
    [
      '{{ a.n.Id }}',
      { properties: { n: { type: ['integer', 'null'] } } },
      'n of the output of a is of type integer or null, so it has no field Id.',
    ],
    [
      '{{ a.n[0] }}',
      { properties: { n: { type: 'boolean' } } },
      'n of the output of a is of type boolean, so it has no field 0.',
    ],
    ['{{ a[0].Idd }}', listOf(ITEM), 'Idd is not in [0] of the output of a. Did you mean Id?'],
    [
      '{{ a.l[0].kk }}',
      { properties: { l: listOf({ properties: { k: {} } }) } },
      'kk is not in l[0] of the output of a. Did you mean k?',
    ],
    ["{{ a['0'].Idd }}", { properties: { 0: ITEM } }, 'Idd is not in 0 of the output of a. Did you mean Id?'],
  ])('says what stands there: %s', (template, output, message) => {
    expect(messageOf(template, output)).toBe(message);
    expect(saidOf(template, output)).toHaveLength(1);
  });

  it.each<[string, PlainJson]>([
    ['{{ a.count }} {{ a.append }} {{ a[0] }} {{ a.0 }} {{ a[-1].Id }}', listOf(ITEM)],
    ['{{ a[0].Id.strip }} {{ a[0].Id[2] }}', listOf(ITEM)],
    ["{{ a.name | default('') }}", listOf(ITEM)],
    ['{{ a.anything }}', {}],
    ['{{ a.anything }}', { type: ['array', 'object'] }],
    ['{{ a.q.x }}', { properties: { n: {} }, required: ['q'] }],
  ])('says nothing of methods, items, guarded reads and what nobody knows: %s', (template, output) => {
    expect(saidOf(template, output)).toEqual([]);
  });
});

describe('reads of what may not be there', () => {
  const found = (actions: Actions, code: ProblemCode = 'possibly_undefined', settings: PlainJson = {}) =>
    findChainProblems(documentOf(actions, { settings }), NOTHING_KNOWN)
      .filter((problem) => problem.code === code)
      .map(({ action, message }) => `${action}: ${/here: (.*?), and/.exec(message)?.[1]}`);
  const reader = { depends_on: ['a'], inputs: { x: '{{ a.x }}' } };
  const anyway = { ...reader, run_if: 'all_done' };

  it('tells why: disabled, skipped, failed, or skipped because of another', () => {
    expect(found({ a: { disabled: true }, b: anyway })).toEqual(['b: it is disabled']);
    expect(found({ a: { on_failure: 'continue' }, b: anyway })).toEqual(['b: it may fail without ending the run']);
    expect(found({ a: {}, b: anyway }, undefined, { on_failure: 'continue' })).toHaveLength(1);
    expect(found({ c: { when: '{{ true }}' }, a: { depends_on: ['c'] }, b: anyway })).toEqual([
      'b: it is skipped unless c completes',
    ]);
  });

  it('says nothing where a failure ends the run or gives a fallback, or the read is guarded', () => {
    expect(found({ a: {}, b: anyway })).toEqual([]);
    const fallback = { on_failure: 'fallback', fallback: {} };
    expect(found({ a: fallback, b: anyway }, undefined, { on_failure: 'continue' })).toEqual([]);
    const guarded = { ...anyway, inputs: { x: "{{ a.x if a is defined else '' }}" } };
    expect(found({ a: { disabled: true }, b: guarded })).toEqual([]);
  });

  //         ┌──────────────┐
  //         │              ▼
  // ┌───┐  ┌┴──┐  ┌───┐  ┌───┐
  // │ c ├─►│ a ├─►│ m ├─►│ b │   m runs whatever became of a
  // └───┘  └───┘  └───┘  └───┘
  it('says nothing of a reader that is skipped together with what it reads', () => {
    const a = { disabled: true };
    const m = { depends_on: ['a'], run_if: 'all_done' };
    expect(found({ a, b: reader })).toEqual([]);
    expect(found({ a, m, b: { ...reader, depends_on: ['m'] } })).toEqual(['b: it is disabled']);
    expect(found({ a, m, b: { ...reader, depends_on: ['m', 'a'] } })).toEqual([]);
    const c = { when: '{{ true }}' };
    const skipped = { depends_on: ['c'] };
    expect(found({ c, a: skipped, m, b: { ...reader, depends_on: ['m'] } })).toHaveLength(1);
    expect(found({ c, a: skipped, m, b: { ...reader, depends_on: ['m', 'c'] } })).toEqual([]);
  });
});

describe('names of methods where fields are meant', () => {
  it.each([
    ['{{ a.items }}', "{{ a['items'] }}"],
    ['{{ a.b . keys | list }}', "{{ a.b ['keys'] | list }}"],
    ['{% if a.values %}x{% endif %}', "{% if a['values'] %}x{% endif %}"],
    ["{{ a['b'].get[0].x }}", "{{ a['b']['get'][0].x }}"],
  ])('reads the field instead where nothing is known: %s', (template, right) => {
    const chain = documentOf({ a: {}, b: { depends_on: ['a'], inputs: { x: template } } });
    const [problem, ...others] = findChainProblems(chain, NOTHING_KNOWN);
    expect([problem?.code, others]).toEqual(['parity', []]);
    const edited = applyEdit(workbenchOf(chain), problem!.fix!.edit);
    expect(edited.ok && edited.value.workbench.chain.actions.get('b' as never)?.inputs).toEqual(
      fromPlain({ x: right }),
    );
  });

  it.each(['{{ a.items() }}', "{{ a.get('x').y }}", '{{ nobody.items }}', '{{ a.items.x ', 'a.items'])(
    'says nothing of calls, unknown names and plain text: %s',
    (template) => {
      const chain = documentOf({ a: {}, b: { depends_on: ['a'], inputs: { x: template } } });
      expect(findChainProblems(chain, NOTHING_KNOWN).filter(({ code }) => code === 'parity')).toEqual([]);
    },
  );

  it('asks the schema of the chain’s inputs as well', () => {
    const of = (properties: PlainJson) =>
      findChainProblems(
        documentOf({ a: { inputs: { x: '{{ input.o.items }}' } } }, { inputs: { properties: { o: { properties } } } }),
        NOTHING_KNOWN,
      );
    expect(of({ items: {} }).map(({ code }) => code)).toEqual(['parity']);
    expect(of({ other: {} })).toEqual([]);
  });
});
