import { describe, expect, it } from 'vitest';
import type { PlainJson } from '@/lib/json/value';
import { definition, documentOf, knownWith } from '@/testing/problem-cases';
import { findChainProblems } from '../find-problems';

const SCHEMA: PlainJson = {
  type: 'object',
  properties: {
    id: { type: 'string', minLength: 2 },
    tier: { enum: ['gold', 'silver'] },
    note: { type: 'string', nullable: true },
    phones: {
      type: 'array',
      items: { type: 'object', properties: { number: { type: 'string' } }, required: ['number'] },
    },
    limits: { type: 'object', properties: { low: { type: 'integer' }, high: { type: 'integer' } } },
  },
  additionalProperties: false,
};
const known = knownWith(definition('d', { input: SCHEMA }));

const found = (inputs: PlainJson): readonly string[] =>
  findChainProblems(documentOf({ a: { inputs } }), known)
    .filter(({ code }) => code !== 'reference_unknown')
    .map(({ code, path, message }) => `${code} ${path.replace('/actions/a/inputs', '')}: ${message}`);

describe('findContractProblems', () => {
  it('takes what fits, templates at any place included', () => {
    expect(
      found({ id: 'ab', tier: 'gold', note: null, phones: [{ number: '1' }], limits: { low: 1, high: 2.0 } }),
    ).toEqual([]);
    expect(
      found({ id: '{{ input.a }}', tier: '{{ input.b }}', phones: '{{ input.c }}', limits: { low: '{{ 1 }}' } }),
    ).toEqual([]);
    expect(found({ phones: ['{{ input.a }}', { number: '1' }] })).toEqual([]);
  });

  it('says what does not fit, at its place', () => {
    expect(found({ id: 'a', tier: 'lead', note: 1, phones: [{ number: '1' }, { number: 2 }] })).toEqual([
      'type_mismatch /id: a: inputs.id is too short (1 < 2) (D).',
      'type_mismatch /note: a: inputs.note is of type number; expected string or null (D).',
      'type_mismatch /phones/1/number: a: inputs.phones[1].number is of type number; expected string (D).',
      'type_mismatch /tier: a: inputs.tier must be one of "gold", "silver" (D).',
    ]);
  });

  it('checks what stands beside a template, in objects and lists', () => {
    expect(found({ limits: { low: '{{ 1 }}', high: 'x' }, phones: ['{{ 1 }}', 5] })).toEqual([
      'type_mismatch /limits/high: a: inputs.limits.high is of type string; expected integer (D).',
      'type_mismatch /phones/1: a: inputs.phones[1] is of type number; expected object (D).',
    ]);
  });

  it('reports what is missing or unknown once, inside lists too, and not as a mismatch', () => {
    expect(found({ idd: 'x', phones: [{}] })).toEqual([
      'input_unknown /idd: a: D knows no input idd. Did you mean id?',
      'input_required_missing /phones/0/number: a: inputs.phones[0].number is missing; D requires it (string).',
    ]);
  });

  it.each<[string, PlainJson, PlainJson, readonly string[]]>([
    ['at the top', { type: 'object', required: ['q'] }, {}, ['inputs.q']],
    ['beside others', { properties: { a: {} }, required: ['q'] }, { a: 1 }, ['inputs.q']],
    ['in an object', { properties: { o: { type: 'object', required: ['q'] } } }, { o: {} }, ['inputs.o.q']],
    ['in a list', { properties: { l: { items: { required: ['q'] } } } }, { l: [{ q: 1 }, {}] }, ['inputs.l[1].q']],
    ['under any key', { additionalProperties: { required: ['q'] } }, { any: {} }, ['inputs.any.q']],
    ['in one alternative of two', { anyOf: [{ required: ['q'] }, { required: ['r'] }] }, { r: 1 }, []],
  ])('misses what is required and described nowhere, %s', (_where, input, inputs, missing) => {
    const problems = (given: PlainJson) =>
      findChainProblems(documentOf({ a: { inputs: given } }), knownWith(definition('d', { input })));
    expect(problems(inputs).map(({ code, message }) => [code, message])).toEqual(
      missing.map((field) => ['input_required_missing', `a: ${field} is missing; D requires it.`]),
    );
  });

  it('takes a required key for known, whoever describes it', () => {
    const known = knownWith(definition('d', { input: { properties: { a: {} }, required: ['q'] } }));
    expect(findChainProblems(documentOf({ a: { inputs: { q: 1 } } }), known)).toEqual([]);
  });

  it('orders the places of a list by number', () => {
    const phones = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? { number: '1' } : { number: 1 }));
    expect(found({ phones }).map((text) => /\/phones\/(\d+)/.exec(text)?.[1])).toEqual(['1', '3', '5', '7', '9', '11']);
  });

  it('gives up on a schema that is too costly, once, and finds nothing by it', () => {
    let schema: PlainJson = { type: 'string' };
    const $defs: { [name: string]: PlainJson } = {};
    for (let i = 0; i < 40; i++) {
      $defs[`s${i}`] = { allOf: [schema, schema] };
      schema = { $ref: `#/$defs/s${i}` };
    }
    const costly = knownWith(definition('d', { input: { type: 'object', properties: { x: schema }, $defs } }));
    const actions = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`a${i}`, { inputs: { x: 1 } }]));
    const startMs = performance.now();
    const problems = findChainProblems(documentOf(actions), costly);
    expect(performance.now() - startMs).toBeLessThan(15_000);
    expect(problems.filter(({ code }) => code === 'type_mismatch')).toEqual([]);
  });
});
