import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { sha256Hex } from '@/lib/json/print-json';
import { arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { chainOf } from '@/testing/chain-builder';
import { exampleWorkbench } from './example-chain';
import { exportChain } from './export-chain';
import { importText } from './import-chain';
import { printWorkbench } from './workbench-text';

const fileNameOf = (name: string) => exportChain(workbenchOf({ ...chainOf('A'), name })).fileName;

describe('exportChain', () => {
  it('writes a file whose SHA-256 is the chain’s hash, and nothing of what lies beside (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(), (workbench) => {
        const { text } = exportChain(workbench);
        expect(sha256Hex(text)).toBe(hashChain(workbench.chain));
        expect(exportChain(workbenchOf(workbench.chain)).text).toBe(text);
      }),
    );
  });

  it('writes the very bytes again after an import', () => {
    const { text, fileName } = exportChain(exampleWorkbench());
    const read = importText(text, fileName);
    expect(read.ok && exportChain(read.value.workbench)).toEqual({ text, fileName });
  });

  it.each([
    ['Customer enrichment', 'customer-enrichment.chain.json'],
    ['', 'untitled.chain.json'],
    ['///', 'untitled.chain.json'],
    ['../../etc/passwd', 'etc-passwd.chain.json'],
    ['Größe & Maß', 'größe-maß.chain.json'],
    ['顧客の名前', '顧客の名前.chain.json'],
    ['CON', 'chain-con.chain.json'],
    ['a\u0000b\nc', 'a-b-c.chain.json'],
    ['x'.repeat(200), `${'x'.repeat(80)}.chain.json`],
  ])('names the file of a chain called %j %s', (name, fileName) => {
    expect(fileNameOf(name)).toBe(fileName);
  });

  it('gives names that every file system takes (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(fileNameOf(name)).toMatch(/^[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}-]{0,85}\.chain\.json$/u);
      }),
    );
  });
});

describe('exampleWorkbench', () => {
  it('is the tutorial’s chain, laid out left to right, with a sample input to run it', () => {
    const { chain, layout, sampleInputs, sampleInputName } = exampleWorkbench();
    expect([...chain.actions].map(([id, { depends_on }]) => [id, depends_on])).toEqual([
      ['fetch_customer', []],
      ['enrich_data', ['fetch_customer']],
      ['update_crm', ['enrich_data']],
    ]);
    expect([...layout.keys()]).toEqual([...chain.actions.keys()]);
    const columns = [...layout.values()].map(({ x }) => x);
    expect(columns).toEqual([...columns].sort((a, b) => a - b));
    expect(new Set(columns).size).toBe(3);
    expect(sampleInputs.get(sampleInputName!)).toEqual(new Map([['account_id', '12345']]));
  });

  it('is made anew each time, so that no editor shares it', () => {
    expect(exampleWorkbench().chain).not.toBe(exampleWorkbench().chain);
    expect(printWorkbench(exampleWorkbench())).toBe(printWorkbench(exampleWorkbench()));
  });
});
