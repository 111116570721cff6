import { expect, it } from 'vitest';
import { exportChain } from '@/lib/exchange/export-chain';
import { importText } from '@/lib/exchange/import-chain';
import { NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { headlineOf } from './refusal-headline';

function refusalOf(inputs: object) {
  const read = importText(JSON.stringify({ a: { definition_id: 'x', inputs } }));
  if (!read.ok || read.value.kind !== 'mapping') throw new Error('no mapping');
  const exported = exportChain({ kind: 'mapping', workbench: read.value.workbench, known: NOTHING_KNOWN });
  if (exported.ok) throw new Error('no refusal');
  return exported.error;
}

it.each([
  ['errors', { b: '{{ nobody.b }}', c: '{{ nobody.c }}' }, /^2 errors stand against the export; mend them first\.$/],
  ['the input', { b: '{{ input.b }}' }, /^A mapping has no inputs of its own: give the input .* into it\.$/],
  ['long reasons', { [`b${'b'.repeat(3000)}`]: '{{ nobody.b }}' }, /^One error stands .* mend it first\.$/],
])('a refusal by %s says its reasons once: the headline has none of them', (_, inputs, expected) => {
  expect(headlineOf(refusalOf(inputs))).toMatch(expected);
});

it('a refusal without reasons keeps its words', () => {
  expect(headlineOf({ message: 'Nothing is known.', problems: [] })).toBe('Nothing is known.');
});
