import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import type { Sidecar } from '@/lib/chain/workbench';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { importText } from '@/lib/exchange/import-chain';
import { printSidecar } from '@/lib/exchange/sidecar';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import {
  completeChain,
  countReplaced,
  edgesConnectedBy,
  importable,
  nameFromFile,
  placeOfSidecar,
  type Source,
} from './import-plan';
import { addSources } from './read-source';

const sourceOf = (fileName: string, text: string): Source => ({ id: fileName, fileName, read: importText(text) });

const mapping = sourceOf('tutorial.json', TUTORIAL_MAPPING);
const other = sourceOf('other.json', '{"other": {"definition_id": "x", "inputs": {}}}');
const refused = sourceOf('broken.json', '{');

function sidecarFor(...ids: string[]): Sidecar {
  const { chain: _chain, connectionId: _connectionId, ...beside } = exampleWorkbench();
  return { ...beside, layout: new Map(ids.map((id) => [id as ActionId, { x: 0, y: 0 }])), pins: new Map() };
}

describe('the place of a sidecar', () => {
  it('is the chain of the same import with most of its actions, and only else the open one', () => {
    const open = exampleWorkbench().chain;
    const sidecar = sidecarFor('fetch_customer', 'enrich_data');
    expect(placeOfSidecar(sidecar, [other, refused, mapping], open)).toEqual({
      type: 'beside',
      source: mapping,
      actionCount: 2,
    });
    expect(placeOfSidecar(sidecar, [refused], open)).toEqual({ type: 'open', actionCount: 2 });
  });

  it('is none without a chain, and counts nothing that the chain does not have', () => {
    expect(placeOfSidecar(sidecarFor('fetch_customer'), [refused], null)).toEqual({ type: 'none' });
    expect(placeOfSidecar(sidecarFor('gone'), [], exampleWorkbench().chain)).toEqual({ type: 'open', actionCount: 0 });
  });
});

describe('a completed chain', () => {
  const text = `{
    "a": {"definition_id": "x", "inputs": {}},
    "b": {"definition_id": "x", "inputs": {"id": "{{ a.id }}"}}
  }`;

  it('has the edges that its templates imply only when they are wished for', () => {
    const read = importText(text);
    if (!read.ok || read.value.kind !== 'mapping') throw new Error('no mapping');
    const dependenciesOf = (withEdges: boolean) => {
      const completed = completeChain(
        read.value.kind === 'mapping' ? read.value.workbench : exampleWorkbench(),
        withEdges,
        [],
      );
      return completed.ok ? completed.value.chain.actions.get('b' as ActionId)?.depends_on : completed.error;
    };
    expect(dependenciesOf(true)).toEqual(['a']);
    expect(dependenciesOf(false) ?? []).toEqual([]);
  });

  it('has the name of its file only when it is wished for', () => {
    const bare = mapping.read.ok && mapping.read.value.kind === 'mapping' ? mapping.read.value.workbench : null;
    if (bare === null) throw new Error('no mapping');
    const nameWith = (name: string | null) => {
      const completed = completeChain(bare, true, [], name);
      return completed.ok ? completed.value.chain.name : completed.error;
    };
    expect(nameWith('orders')).toBe('orders');
    expect(nameWith(null)).toBe(bare.chain.name);
  });

  it('has beside it what the sidecar says', () => {
    const example = exampleWorkbench();
    const bare = { ...example, layout: new Map(), sampleInputs: new Map(), sampleInputName: null };
    const { chain: _chain, connectionId: _connectionId, ...beside } = example;
    const completed = completeChain(bare, true, [beside]);
    expect(completed.ok && printSidecar(completed.value)).toBe(printSidecar(example));
  });
});

describe('what is found', () => {
  it('names the edges of a batch within a batch', () => {
    const [a, b] = ['a' as ActionId, 'b' as ActionId];
    const connect = { type: 'connect', from: a, to: b } as const;
    expect(edgesConnectedBy({ type: 'batch', edits: [{ type: 'batch', edits: [connect] }] })).toEqual([
      { from: a, to: b },
    ]);
  });

  it('can hold definitions of a tenant, which its connection offers itself', () => {
    const read = importText(
      '{"format": "chainwright.definitions/1", "definitions": [{"id": "local:a", "name": "A"}, {"id": "7f", "name": "B"}]}',
    );
    const definitions = read.ok && read.value.kind === 'definitions' ? read.value.definitions : [];
    expect(importable(definitions).map(({ id }) => id)).toEqual(['local:a']);
  });

  it('is read anew, not twice, when a refused file is mended and chosen again', () => {
    const mended = { ...refused, id: 'later', read: mapping.read };
    expect(addSources([refused, other], [mended])).toEqual([mended, other]);
    expect(addSources([mended, other], [mended])).toEqual([mended, other]);
  });

  it('stands beside another file of its name, chosen at once or later', () => {
    const namesake = { ...other, id: 'elsewhere', fileName: mapping.fileName };
    expect(addSources([mapping], [namesake])).toEqual([mapping, namesake]);
    const twins = addSources([], [mapping, { ...other, id: mapping.id }, { ...refused, id: mapping.id }]);
    expect(twins.map(({ read }) => read)).toEqual([mapping.read, other.read, refused.read]);
    expect(new Set(twins.map(({ id }) => id)).size).toBe(3);
  });

  it('replaces imported definitions of its ids, and only those', () => {
    const read = importText(
      '{"format": "chainwright.definitions/1", "definitions": [{"id": "local:a", "name": "A"}, {"id": "local:b", "name": "B"}]}',
    );
    const definitions = read.ok && read.value.kind === 'definitions' ? read.value.definitions : [];
    expect(countReplaced(definitions, definitions.slice(1))).toBe(1);
    expect(countReplaced(definitions, [])).toBe(0);
  });

  it('has the name of its file to offer if it is a mapping, which has none', () => {
    expect(nameFromFile(sourceOf('Orders of May.mapping.json', TUTORIAL_MAPPING))).toBe('Orders of May');
    expect(nameFromFile(sourceOf('.json', TUTORIAL_MAPPING))).toBeNull();
    expect(nameFromFile({ ...mapping, fileName: null })).toBeNull();
    const document = sourceOf('orders.json', '{"format": "chainwright.chain/1", "actions": {}}');
    expect(nameFromFile(document)).toBeNull();
  });
});
