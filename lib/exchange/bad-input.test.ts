import { describe, expect, it } from 'vitest';
import { printChain } from '@/lib/chain/print-chain';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { BAD_INPUTS, type BadInput, hugeInput, isAtOrBelow, MESSAGE_BYTES_MAX } from '@/testing/bad-input';
import { importBytes, importText } from './import-chain';

interface Told {
  readonly code: string;
  readonly message: string;
  readonly path: string;
}

/** What the library makes of it, in the words of {@link BadInput}. */
function takeIn({ bytes }: BadInput): { readonly outcome: BadInput['outcome']; readonly told: readonly Told[] } {
  const imported = importBytes(bytes, 'input.json');
  if (!imported.ok) return { outcome: 'rejected', told: imported.error };
  const { value } = imported;
  if (value.kind !== 'chain' && value.kind !== 'mapping') throw new Error(`It passed for a ${value.kind}`);
  const told = [...value.problems, ...findChainProblems(value.workbench.chain, NOTHING_KNOWN)];
  return { outcome: told.some(({ severity }) => severity === 'error') ? 'draft' : 'accepted', told };
}

describe('importBytes', () => {
  it.each([...BAD_INPUTS, hugeInput()])(
    'answers $name',
    (input) => {
      const { outcome, told } = takeIn(input);
      expect({ outcome, told }).toMatchObject({ outcome: input.outcome });
      if (input.outcome !== 'accepted') expect(told).not.toEqual([]);
      if (input.code !== undefined) expect(told.map(({ code }) => code)).toContain(input.code);
      const place = input.path;
      if (place !== undefined) expect(told.filter(({ path }) => isAtOrBelow(path, place))).not.toEqual([]);
      for (const { message, path } of told) {
        expect(Buffer.byteLength(message)).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
        expect(Buffer.byteLength(path)).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
      }
    },
    5000,
  );

  it('exports what it accepted, drafts too, so that reading it again gives the same bytes', () => {
    for (const { bytes, outcome } of BAD_INPUTS) {
      if (outcome === 'rejected') continue;
      const first = importBytes(bytes);
      if (!first.ok || !('workbench' in first.value)) throw new Error('rejected');
      const text = printChain(first.value.workbench.chain);
      const again = importText(text);
      expect(again.ok && 'workbench' in again.value && printChain(again.value.workbench.chain)).toBe(text);
    }
  });
});
