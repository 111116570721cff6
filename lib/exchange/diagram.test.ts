import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chain, dependenciesOf } from '@/lib/chain/chain';
import type { Definition } from '@/lib/definition/definition';
import { type Known, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { arbitraryChain } from '@/testing/arbitrary-chain';
import { chainOf, toActionId, withAction } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { printDot, printMermaid } from './diagram';

const DEFINITION: Definition = {
  id: 'definition-of-A',
  name: 'Look up',
  description: '',
  inputSchema: null,
  outputSchema: null,
  effect: null,
  origin: 'connection',
};

const KNOWN: Known = { ...NOTHING_KNOWN, definitions: new Map([[DEFINITION.id, DEFINITION]]) };

/** What tries to leave a label, or to be read inside one. */
const HOSTILE = [
  'a"b',
  '"]; evil',
  ']] end click n0',
  '%% comment',
  '`md` **bold** _it_',
  '<script>alert(1)</script>',
  '&amp; #quot;',
  'back\\slash \\N \\',
  'a\nb\tc',
  '\u0000\u001b[31m',
  '\ud800',
  'fa:fa-car',
  'style x:#fff;',
  '$$x$$',
  '1. list',
  '\u202egnirts',
  'www.example.com',
  '}} -->',
];

const labelled = (label: string): Chain => withAction(chainOf('A'), 'A', { label });

describe('printMermaid', () => {
  it('draws a chain left to right: titles over definitions, order-only edges dotted', () => {
    const chain = withAction(chainOf('A B C', 'A>B>C', 'A>C'), 'B', { inputs: { x: '{{ A.x }}' } });
    expect(printMermaid(chain, KNOWN)).toBe(`flowchart LR
  n0["A<br/>Look up"]
  n1["B<br/>definition-of-B"]
  n2["C<br/>definition-of-C"]
  n0 --> n1
  n1 -.-> n2
  n0 -.-> n2
`);
  });

  it('dims what is disabled, marks what has a condition, and shows what is missing', () => {
    const chain = withAction(chainOf('A', 'gone>A'), 'A', { label: 'First', disabled: true, when: '{{ input.vip }}' });
    expect(printMermaid(chain, NOTHING_KNOWN)).toBe(`flowchart LR
  n0{{"First<br/>definition-of-A<br/>when input#46;vip<br/>disabled"}}
  n1["gone<br/>missing"]
  n1 -.-> n0
  classDef disabled opacity:0.5
  class n0 disabled
  classDef missing stroke-dasharray:5 5
  class n1 missing
`);
  });

  it('draws cycles, edges to itself and nothing at all', () => {
    expect(printMermaid(chainOf('A B', 'A>B>A>A'), NOTHING_KNOWN).match(/n\d -\.-> n\d/g)).toEqual([
      'n1 -.-> n0',
      'n0 -.-> n0',
      'n0 -.-> n1',
    ]);
    expect(printMermaid(chainOf(''), NOTHING_KNOWN)).toBe('flowchart LR\n');
  });

  it.each(HOSTILE)('keeps %j inside its label', (label) => {
    const line = printMermaid(labelled(label), NOTHING_KNOWN).split('\n')[1]!;
    // Letters, digits, spaces and numeric codes: nothing that Mermaid, Markdown or HTML could read.
    expect(line).toMatch(/^ {2}n0\["(?:[\p{L}\p{M}\p{N} ]|(?<=\w)[_-](?=\w)|#\d+;)*<br\/>definition-of-A"\]$/u);
  });

  it('says every character that can be shown, as itself or by its code', () => {
    const line = printMermaid(labelled('a_b -c <"x"> 名前 🚀'), NOTHING_KNOWN).split('\n')[1]!;
    const text = /"(.*)<br\/>/.exec(line)![1]!;
    expect(text.replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))).toBe('a_b -c <"x"> 名前 🚀');
  });
});

it('names the definition of the tenant that a connection map leads to', () => {
  const chain = withAction(chainOf('A'), 'A', { definition_id: 'id-elsewhere' });
  const known = { ...KNOWN, idMap: new Map([['id-elsewhere', DEFINITION.id]]) };
  expect(printMermaid(chain, known)).toContain('Look up');
  expect(printDot(chain, known)).toContain('Look up');
});

describe('printDot', () => {
  it('draws a chain left to right: titles over definitions, order-only edges dashed', () => {
    const chain = withAction(chainOf('A B C', 'A>B', 'B>C', 'gone>C'), 'B', { inputs: { x: '{{ A.x }}' } });
    const whole = withAction(withAction(chain, 'B', { when: '{{ A.ok }}' }), 'C', { disabled: true });
    expect(printDot(whole, KNOWN)).toBe(`digraph "Test chain" {
  rankdir=LR;
  charset="UTF-8";
  node [shape=box, style="rounded"];
  n0 [label="A\\nLook up"];
  n1 [label="B\\ndefinition-of-B\\nwhen A.ok", shape=hexagon, style=""];
  n2 [label="C\\ndefinition-of-C\\ndisabled", color="#9CA3AF", fontcolor="#6B7280"];
  n3 [label="gone\\nmissing", style="rounded,dashed", color="#B91C1C", fontcolor="#B91C1C"];
  n0 -> n1;
  n1 -> n2 [style=dashed];
  n3 -> n2 [style=dashed];
}
`);
  });

  it.each(HOSTILE)('keeps %j inside its label', (label) => {
    const line = printDot({ ...labelled(label), name: label }, NOTHING_KNOWN).split('\n')[4]!;
    // Every quote and backslash inside is escaped, every ampersand an entity, and the text stays on its line.
    expect(line).toMatch(/^ {2}n0 \[label="(?:[^"\\&\p{Cc}\p{Cs}]|\\\\|\\"|&amp;)*\\ndefinition-of-A"\];$/u);
  });

  it('says what a label says', () => {
    expect(printDot(labelled('a "b" \\N &lt;'), NOTHING_KNOWN)).toContain('"a \\"b\\" \\\\N &amp;lt;\\n');
  });
});

it('draws every action, every missing dependency and every edge of any chain, each once, in both (property)', () => {
  fc.assert(
    fc.property(arbitraryChain(), (chain) => {
      const edges = [...chain.actions].flatMap(([, action]) => dependenciesOf(action));
      const nodes = new Set([...chain.actions.keys(), ...edges]);
      const mermaid = printMermaid(chain, NOTHING_KNOWN).split('\n');
      const dot = printDot(chain, NOTHING_KNOWN).split('\n');
      expect(mermaid.filter((line) => /^ {2}n\d+(?:\["|\{\{")/.test(line))).toHaveLength(nodes.size);
      expect(mermaid.filter((line) => /^ {2}n\d+ -\.?->? n\d+$|^ {2}n\d+ --> n\d+$/.test(line))).toHaveLength(
        edges.length,
      );
      expect(dot.filter((line) => /^ {2}n\d+ \[label="/.test(line))).toHaveLength(nodes.size);
      expect(dot.filter((line) => /^ {2}n\d+ -> n\d+(?: \[style=dashed\])?;$/.test(line))).toHaveLength(edges.length);
    }),
    { numRuns: fuzzRuns(100) },
  );
});

it('shortens a condition and a name of any length', () => {
  const chain = withAction(chainOf('A'), 'A', { label: 'x'.repeat(5000), when: `{{ ${'y'.repeat(5000)} }}` });
  expect(printMermaid(chain, NOTHING_KNOWN).length).toBeLessThan(500);
  expect(printDot(chain, NOTHING_KNOWN).length).toBeLessThan(500);
  const long = toActionId('z'.repeat(128));
  expect(printMermaid(chainOf(long), NOTHING_KNOWN)).toContain(long);
});
