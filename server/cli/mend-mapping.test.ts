import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { withDependencies } from './mend-mapping';

const depends = (entries: Readonly<Record<string, readonly string[]>>): ReadonlyMap<ActionId, readonly ActionId[]> =>
  new Map(Object.entries(entries)) as ReadonlyMap<string, readonly string[]> as never;

it.each([
  [
    'a list on one line',
    '{ "a": {"definition_id": "d", "depends_on": ["b"],  "inputs": {"n": 2.0}} }',
    '{ "a": {"definition_id": "d", "depends_on": ["b", "c"],  "inputs": {"n": 2.0}} }',
  ],
  [
    'a list with lines of its own',
    '{"a": {\n  "depends_on": [\n    "b"\n  ],\n  "definition_id": "d"}}',
    '{"a": {\n  "depends_on": [\n    "b",\n    "c"\n  ],\n  "definition_id": "d"}}',
  ],
  [
    'a list without spaces',
    '{"a":{"definition_id":"d","depends_on":["x","y"]}}',
    '{"a":{"definition_id":"d","depends_on":["b","c"]}}',
  ],
  [
    'no list, in lines',
    '{\n  "a": {\n    "definition_id": "d",\n    "inputs": {}\n  }\n}\n',
    '{\n  "a": {\n    "definition_id": "d",\n    "depends_on": ["b", "c"],\n    "inputs": {}\n  }\n}\n',
  ],
  [
    'no list, on one line',
    '{"a": {"definition_id": "d", "inputs": {}}}',
    '{"a": {"definition_id": "d", "depends_on": ["b", "c"], "inputs": {}}}',
  ],
  ['no list, without spaces', '{"a":{"definition_id":"d"}}', '{"a":{"definition_id":"d","depends_on":["b", "c"]}}'],
  [
    'one text',
    '{"a": {"definition_id": "d", "depends_on": "b"}}',
    '{"a": {"definition_id": "d", "depends_on": ["b", "c"]}}',
  ],
  [
    'null',
    '{"a": {"definition_id": "d", "depends_on": null}}',
    '{"a": {"definition_id": "d", "depends_on": ["b", "c"]}}',
  ],
  [
    'actions under a key, with a byte order mark',
    '\ufeff{"name": "n", "actions": {"a": {"definition_id": "d", "depends_on": []}}}',
    '\ufeff{"name": "n", "actions": {"a": {"definition_id": "d", "depends_on": ["b", "c"]}}}',
  ],
])('writes dependencies and leaves the rest as it stood: %s', (_, text, expected) => {
  expect(withDependencies(text, depends({ a: ['b', 'c'] }))).toBe(expected);
});

it('empties a list, and takes an action called actions for an action', () => {
  expect(withDependencies('{"actions": {"definition_id": "d", "depends_on": [ "b" ]}}', depends({ actions: [] }))).toBe(
    '{"actions": {"definition_id": "d", "depends_on": []}}',
  );
});

it('touches nothing but the dependencies, whatever the ids and the layout (property)', () => {
  const id = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'a"b', '10', '{}'), fc.string({ minLength: 1 }));
  const action = fc.record(
    {
      inputs: fc.jsonValue({ maxDepth: 2 }),
      depends_on: fc.oneof(fc.array(id), fc.constant(null), id),
      definition_id: fc.string({ minLength: 1 }),
    },
    { requiredKeys: ['definition_id'] },
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(id, action), { selector: ([name]) => name, minLength: 1 }),
      fc.array(id),
      fc.constantFrom(0, 2, '\t'),
      (actions, dependsOn, indent) => {
        const mapping = new Map(actions);
        const print = (entries: Iterable<readonly [string, unknown]>): string =>
          `{${[...entries].map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value, null, indent)}`)}}`;
        const [first, second] = actions.map(([name]) => name);
        const chosen = [first!, ...(second === undefined ? [] : [second])];
        const mended = withDependencies(print(mapping), new Map(chosen.map((name) => [name, dependsOn])) as never);
        const wanted = new Map(
          actions.map(([name, value]) => [name, chosen.includes(name) ? { ...value, depends_on: dependsOn } : value]),
        );
        expect(JSON.parse(mended)).toEqual(JSON.parse(print(wanted)));
      },
    ),
  );
});
