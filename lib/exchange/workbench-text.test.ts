import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { type CardLayout, workbenchOf } from '@/lib/chain/workbench';
import { arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { chainOf } from '@/testing/chain-builder';
import { parseWorkbench, printWorkbench } from './workbench-text';

const chain = chainOf('A B', 'A>B');

describe('the text beside a chain', () => {
  it('reads back as the workbench it was printed from, and prints the same again (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(), (workbench) => {
        const text = printWorkbench(workbench);
        const read = parseWorkbench(workbench.chain, text);
        if (!read.ok) throw new Error(JSON.stringify(read.error));
        expect(read.value).toEqual(workbench);
        expect(printWorkbench(read.value)).toBe(text);
      }),
    );
  });

  it('holds everything that lies beside the chain and nothing of the chain', () => {
    expect(printWorkbench(workbenchOf(chain))).toBe(`{
  "format": "chainwright.workbench/1",
  "layout": {},
  "notes": {},
  "sample_inputs": {},
  "pins": {},
  "allowed_literals": [],
  "sample_input_name": null,
  "connection_id": null
}
`);
  });

  it('keeps fractions of a pixel', () => {
    const workbench = {
      ...workbenchOf(chain),
      layout: new Map([...chain.actions.keys()].map((id) => [id, { x: 0.1, y: -1e-7 }])),
    };
    const read = parseWorkbench(chain, printWorkbench(workbench));
    expect(read.ok && read.value.layout).toEqual(workbench.layout);
  });

  it('keeps the card of an action that the chain does not have: it may be a ghost’s', () => {
    const read = parseWorkbench(chain, '{"format":"chainwright.workbench/1","layout":{"ghost":{"x":1,"y":2}}}');
    expect(read).toMatchObject({ ok: true, value: { chain } });
    expect(read.ok && [...read.value.layout]).toEqual([['ghost', { x: 1, y: 2 }]]);
  });

  it('stands in the order of the actions, whatever was put back last', () => {
    const [a, b] = [...chain.actions.keys()] as [ActionId, ActionId];
    const places: [ActionId, CardLayout][] = [
      [b, { x: 1, y: 1 }],
      [a, { x: 0, y: 0 }],
    ];
    const workbench = { ...workbenchOf(chain), layout: new Map(places) };
    expect(printWorkbench(workbench)).toBe(printWorkbench({ ...workbench, layout: new Map(places.toReversed()) }));
  });

  it('has the cards of missing actions behind those of the chain, by id', () => {
    const [a] = [...chain.actions.keys()] as [ActionId];
    const ids = ['z' as ActionId, a, 'b' as ActionId];
    const layout = new Map(ids.map((id) => [id, { x: 0, y: 0 }]));
    const text = printWorkbench({ ...workbenchOf(chain), layout });
    const read = parseWorkbench(chain, text);
    expect(read.ok && [...read.value.layout.keys()]).toEqual([a, 'b', 'z']);
  });

  it('takes a chosen sample input that is not there for none', () => {
    const read = parseWorkbench(chain, '{"format":"chainwright.workbench/1","sample_input_name":"gone"}');
    expect(read.ok && read.value.sampleInputName).toBeNull();
  });

  it.each([
    ['[]', '/format'],
    ['{}', '/format'],
    ['{"format":"chainwright.workbench/2"}', '/format'],
    ['{"format":"chainwright.workbench/1","layout":[]}', '/layout'],
    ['{"format":"chainwright.workbench/1","layout":{"A":null}}', '/layout/A/x'],
    ['{"format":"chainwright.workbench/1","layout":{"A":{"x":"1","y":2}}}', '/layout/A/x'],
    ['{"format":"chainwright.workbench/1","layout":{"A":{"x":1e999,"y":2}}}', '/layout/A/x'],
    ['{"format":"chainwright.workbench/1","layout":{"input":{"x":1,"y":2}}}', '/layout/input'],
    ['{"format":"chainwright.workbench/1","pins":{"":1}}', '/pins/'],
    ['{"format":"chainwright.workbench/1","notes":{"n":{"x":1,"y":1,"width":1,"height":1}}}', '/notes/n/text'],
    ['{"format":"chainwright.workbench/1","notes":{"n":{"x":1,"y":1,"width":1,"text":""}}}', '/notes/n/height'],
    ['{"format":"chainwright.workbench/1","allowed_literals":["a"]}', '/allowed_literals/0'],
    ['{"format":"chainwright.workbench/1","allowed_literals":{}}', '/allowed_literals'],
    ['{"format":"chainwright.workbench/1","sample_inputs":null,"connection_id":5}', '/connection_id'],
    ['{"format":"chainwright.workbench/1","extra":1}', '/extra'],
  ])('is refused with its place: %s', (text, path) => {
    const read = parseWorkbench(chain, text);
    expect(read.ok === false && read.error[0]).toMatchObject({ code: 'schema', path });
  });

  it('is refused when it is no JSON', () => {
    expect(parseWorkbench(chain, '{')).toMatchObject({ ok: false, error: [{ code: 'json_syntax' }] });
  });
});
