import { describe, expect, it } from 'vitest';
import type { Workbench } from '@/lib/chain/workbench';
import { importText } from '@/lib/exchange/import-chain';
import { fromPlain } from '@/lib/json/value';
import { mappingInputsOf } from './mapping-input';

function benchOf(template: string, inputs?: object): Workbench {
  const read = importText(
    JSON.stringify({
      format: 'chainwright.chain/1',
      ...(inputs === undefined ? {} : { inputs }),
      actions: { a: { definition_id: 'x', inputs: { list: [{ id: template }] } } },
    }),
  );
  if (!read.ok || read.value.kind !== 'chain') throw new Error(JSON.stringify(read));
  return read.value.workbench;
}

const withFields = (properties: object): object => ({ type: 'object', properties });

describe('the values that a mapping is written with', () => {
  it('are not asked for where no template reads the input', () => {
    expect(mappingInputsOf(benchOf('{{ a.input }}', withFields({ id: { default: 'C-1' } })))).toBeNull();
  });

  it('are the sample input sets, if there are any', () => {
    const bench = { ...benchOf('{{ input.id }}'), sampleInputs: new Map([['One', fromPlain({ id: 'C-1' })]]) };
    expect(mappingInputsOf(bench)).toEqual([{ sampleName: 'One', value: new Map([['id', 'C-1']]) }]);
  });

  it.each([
    ['an example', { examples: ['C-1', 'C-2'] }],
    ['a default', { type: 'string', default: 'C-1' }],
  ])('are %s of the field that is read', (_, field) => {
    expect(mappingInputsOf(benchOf('{{ input.id }}', withFields({ id: field, other: { type: 'string' } })))).toEqual([
      { sampleName: null, value: new Map([['id', 'C-1']]) },
    ]);
  });

  it.each([
    ['the chain declares no inputs', '{{ input.id }}', undefined],
    ['the field has a type alone', '{{ input.id }}', withFields({ id: { type: 'string' } })],
    ['only another field has an example', '{{ input.id }}', withFields({ id: {}, other: { default: 1 } })],
    ['the example lacks what is read in it', '{{ input.id.part }}', withFields({ id: { default: { other: 1 } } })],
  ])('are never made up: %s', (_, template, inputs) => {
    expect(mappingInputsOf(benchOf(template, inputs))).toEqual([]);
  });

  it('need not have what a template reads with a default of its own', () => {
    const inputs = withFields({ id: { default: 1 } });
    expect(mappingInputsOf(benchOf('{{ input.id }} {{ input.tier | default("none") }}', inputs))).toHaveLength(1);
  });
});
