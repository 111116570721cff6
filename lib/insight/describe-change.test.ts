import { describe, expect, it } from 'vitest';
import { Numeral } from '@/lib/json/value';
import { chainFrom, toActionId, toActionIds } from '@/testing/chain-builder';
import { compareChains } from './compare-chains';
import { type ChainChange, describeChange, listChanges } from './describe-change';

const words = (change: ChainChange): string => describeChange(change);
const field = (path: string, from: string, to: string): string =>
  words({ type: 'head-field', change: { type: 'changed', path, from, to } });

it('lists every change of a comparison once, in words for one line each', () => {
  const before = chainFrom({
    name: 'A',
    actions: {
      fetch: { definition_id: 'get' },
      old: { definition_id: 'x', depends_on: ['fetch'] },
      mail: {
        definition_id: 'mail',
        depends_on: ['fetch'],
        inputs: { to: '{{ fetch.mail }}', cc: { list: [1, 2] } },
        timeout_sec: 10,
      },
    },
  });
  const after = chainFrom({
    name: 'B',
    actions: {
      mail: {
        definition_id: 'mail',
        depends_on: ['new', 'fetch_customer'],
        inputs: { cc: { list: [1, 3] }, to: '{{ fetch_customer.mail }}' },
        label: 'Mail',
      },
      fetch_customer: { definition_id: 'get' },
      new: { definition_id: 'y' },
    },
  });
  const layouts = {
    before: new Map([[toActionId('fetch'), { x: 0, y: 0 }]]),
    after: new Map([
      [toActionId('fetch_customer'), { x: 320, y: -5 }],
      [toActionId('mail'), { x: 1, y: 2 }],
    ]),
  };
  expect(listChanges(compareChains(before, after, layouts)).map(words)).toEqual([
    'fetch is now fetch_customer',
    'old, which called x',
    'new, which calls y',
    'mail: inputs.cc.list.1 2 → 3',
    'mail: keys of inputs in another order: to, cc → cc, to',
    'mail: timeout_sec removed: 10',
    'mail: label added: "Mail"',
    'old no longer waits for fetch',
    'mail now waits for new',
    'name "A" → "B"',
    'mail stands elsewhere in the document; actions start in another order',
    'mail: card placed at 1, 2',
    'fetch_customer: card moved from 0, 0 to 320, -5',
  ]);
});

describe('describeChange', () => {
  it('cuts long values, and shows where two of them part', () => {
    const same = 'x'.repeat(500);
    const line = field('/description', `${same} end of the first`, `${same} end of the second`);
    expect(line).toBe(`description …${'x'.repeat(8)} end of the first" → …${'x'.repeat(8)} end of the second"`);
    expect(field('/description', 'y'.repeat(5000), 'z').length).toBeLessThan(120);
  });

  it('never cuts a character in half', () => {
    for (let lead = 0; lead < 4; lead++) {
      const [from, to] = ['a', 'b'].map((end) => `${'-'.repeat(lead)}${'🙂'.repeat(100)}${end}${'🙂'.repeat(100)}`);
      expect(field('/name', from!, to!)).not.toMatch(/\p{Cs}/u);
    }
  });

  it('keeps numbers as they are spelled, and quotes keys that are no plain words', () => {
    const change = { from: new Numeral('2.0'), to: new Numeral('9007199254740993') };
    const path = '/inputs/a.b/~0~1/0';
    expect(words({ type: 'action-field', id: toActionId('a'), change: { type: 'changed', path, ...change } })).toBe(
      'a: inputs."a.b"."~/".0 2.0 → 9007199254740993',
    );
  });

  it('names three of many moved actions, and says what becomes of the plan', () => {
    const change = { moved: toActionIds('a b c d e'), changesPlan: true };
    expect(words({ type: 'order', change })).toBe(
      'a, b, c and 2 more stand elsewhere in the document; actions start in another order',
    );
  });

  it('stays short whatever the document holds', () => {
    const long = 'k'.repeat(100_000);
    const id = toActionId('i'.repeat(128));
    const changes: readonly ChainChange[] = [
      { type: 'added', id, definitionId: long },
      { type: 'action-field', id, change: { type: 'added', path: `/inputs/${long}`, to: [long, long] } },
      { type: 'action-field', id, change: { type: 'reordered', path: `/${long}`, from: [long, 'a'], to: ['a', long] } },
      { type: 'order', change: { moved: Array.from({ length: 2000 }, () => id), changesPlan: false } },
    ];
    for (const change of changes) expect(words(change).length).toBeLessThan(600);
  });
});
