import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChainText } from '@/lib/chain/parse-chain';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { printWorkbench } from '@/lib/exchange/workbench-text';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { openTemporaryStore } from '@/testing/temporary-store';
import { noFailpoint } from '../runs/failpoint';
import { createChainQueries } from './chain-queries';

async function openChains() {
  const { db } = await openTemporaryStore();
  let now = 1000;
  return createChainQueries({ db, nowMs: () => now++, failpoint: noFailpoint });
}

const renamed = (name: string) => {
  const workbench = exampleWorkbench();
  return { ...workbench, chain: { ...workbench.chain, name } };
};

describe('createChainQueries', () => {
  it('gives back the canonical text and what lies beside it', async () => {
    const chains = await openChains();
    const workbench = exampleWorkbench();
    const { chainId, revision, chainHash } = await chains.create(workbench);
    expect(revision).toBe(1);
    expect(chainHash).toBe(hashChain(workbench.chain));
    expect(await chains.find(chainId)).toMatchObject({
      documentText: printChain(workbench.chain),
      workbenchText: printWorkbench(workbench),
      chainHash,
      revision: 1,
    });
  });

  it('keeps any chain byte for byte (property)', async () => {
    const chains = await openChains();
    await fc.assert(
      fc.asyncProperty(arbitraryChain(), async (chain) => {
        const { chainId } = await chains.create(workbenchOf(chain));
        const found = await chains.find(chainId);
        expect(found?.documentText).toBe(printChain(chain));
        const read = parseChainText(found?.documentText ?? '');
        expect(read.ok && hashChain(read.value)).toBe(found?.chainHash);
      }),
      { numRuns: fuzzRuns(50) },
    );
  });

  it('writes over the revision that the saver had read', async () => {
    const chains = await openChains();
    const { chainId } = await chains.create(renamed('first'));
    expect(await chains.save(chainId, 1, renamed('second'))).toMatchObject({ type: 'saved', revision: 2 });
    expect(await chains.find(chainId)).toMatchObject({
      revision: 2,
      documentText: printChain(renamed('second').chain),
    });
  });

  it('writes nothing over a revision that it has not read, and names the one that stands', async () => {
    const chains = await openChains();
    const { chainId } = await chains.create(renamed('first'));
    await chains.save(chainId, 1, renamed('theirs'));
    const standing = await chains.find(chainId);
    expect(await chains.save(chainId, 1, renamed('mine'))).toEqual({ type: 'conflict', revision: 2 });
    expect(await chains.save(chainId, 3, renamed('mine'))).toEqual({ type: 'conflict', revision: 2 });
    expect(await chains.find(chainId)).toEqual(standing);
  });

  it('lets one of two savers at the same moment win', async () => {
    const chains = await openChains();
    const { chainId } = await chains.create(renamed('first'));
    const outcomes = await Promise.all([chains.save(chainId, 1, renamed('a')), chains.save(chainId, 1, renamed('b'))]);
    expect(outcomes.map(({ type }) => type).sort()).toEqual(['conflict', 'saved']);
  });

  it('tells a chain that is not there from a conflict', async () => {
    const chains = await openChains();
    expect(await chains.save('nowhere', 1, renamed('x'))).toEqual({ type: 'missing' });
    expect(await chains.find('nowhere')).toBeUndefined();
    expect(await chains.remove('nowhere')).toBe(false);
  });

  it('lists the latest save first and forgets what was removed', async () => {
    const chains = await openChains();
    const { chainId: a } = await chains.create(renamed('a'));
    const { chainId: b } = await chains.create(renamed('b\0b'));
    await chains.save(a, 1, renamed('  '));
    expect((await chains.list()).map(({ name, revision }) => [name, revision])).toEqual([
      ['Unnamed chain', 2],
      ['b␀b', 1],
    ]);
    expect(await chains.remove(b)).toBe(true);
    expect((await chains.list()).map(({ chainId }) => chainId)).toEqual([a]);
  });
});
