import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printJson } from '@/lib/json/print-json';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { chainFrom, chainOf } from '@/testing/chain-builder';
import { parseChainText } from './parse-chain';
import { chainToJson, hashChain, printChain } from './print-chain';

describe('printChain', () => {
  it('prints byte for byte what it has printed before, whatever the chain (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        const text = printChain(chain);
        const read = parseChainText(text);
        if (!read.ok) throw new Error(JSON.stringify(read.error));
        expect(printChain(read.value)).toBe(text);
        expect(read.value).toEqual(chain);
      }),
    );
  });

  it('prints the document as printJson prints its value (property)', () => {
    fc.assert(
      fc.property(arbitraryChain(), (chain) => {
        expect(printChain(chain)).toBe(`${printJson(chainToJson(chain))}\n`);
      }),
    );
  });

  it('puts fixed keys in schema order and x- keys last, and leaves actions and free data in document order', () => {
    const read = parseChainText(
      `{"x-team":"care","actions":{"b":{"inputs":{"z":2.0,"10":1,"2":null},"x-9":1,"x-1":[],"depends_on":["10"],"definition_id":"d"},"10":{"definition_id":"e"}},
        "settings":{"x-s":1,"retry":{"on":["timeout"],"max_attempts":3.0},"binding":"typed"},
        "name":"n","$schema":"s","format":"chainwright.chain/1"}`,
    );
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    expect(printChain(read.value)).toBe(`{
  "$schema": "s",
  "format": "chainwright.chain/1",
  "name": "n",
  "settings": {
    "binding": "typed",
    "retry": {
      "max_attempts": 3.0,
      "on": [
        "timeout"
      ]
    },
    "x-s": 1
  },
  "actions": {
    "b": {
      "definition_id": "d",
      "depends_on": [
        "10"
      ],
      "inputs": {
        "z": 2.0,
        "10": 1,
        "2": null
      },
      "x-9": 1,
      "x-1": []
    },
    "10": {
      "definition_id": "e"
    }
  },
  "x-team": "care"
}
`);
  });

  it('keeps a key that equals its default and adds none that is absent', () => {
    const text = printChain(chainFrom({ name: '', settings: { binding: 'typed' }, actions: {} }));
    expect(text).toBe(
      '{\n  "format": "chainwright.chain/1",\n  "name": "",\n  "settings": {\n    "binding": "typed"\n  },\n  "actions": {}\n}\n',
    );
  });
});

describe('hashChain', () => {
  it('is the SHA-256 of the canonical text, as sha256sum prints it for the file', () => {
    const chain = chainOf('A B', 'A>B');
    expect(hashChain(chain)).toBe(createHash('sha256').update(printChain(chain), 'utf8').digest('hex'));
  });

  it('differs when a number is spelled differently', () => {
    const withTimeout = (spelling: string) => {
      const read = parseChainText(
        `{"format":"chainwright.chain/1","actions":{"a":{"definition_id":"d","timeout_sec":${spelling}}}}`,
      );
      if (!read.ok) throw new Error(JSON.stringify(read.error));
      return hashChain(read.value);
    };
    expect(withTimeout('30')).not.toBe(withTimeout('30.0'));
    expect(withTimeout('30')).toBe(withTimeout('30'));
  });
});
