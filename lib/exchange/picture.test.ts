import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { type CardLayout, type Workbench, workbenchOf } from '@/lib/chain/workbench';
import { arbitraryWorkbench } from '@/testing/arbitrary-chain';
import { chainOf, toActionId, withAction } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { placeInColumns } from './card-columns';
import { drawChain, type PictureRequest } from './picture';

const draw = (workbench: Workbench, request: Partial<PictureRequest> = {}): string =>
  drawChain(workbench, { theme: 'light', positions: new Map(), ...request }).text;

const at = (places: { readonly [id: string]: CardLayout }): ReadonlyMap<ActionId, CardLayout> =>
  new Map(Object.entries(places).map(([id, place]) => [toActionId(id), place]));

describe('drawChain', () => {
  it('draws cards of 256 px where the canvas has them, and a bezier from the right of one to the left of the next', () => {
    const text = draw(workbenchOf(chainOf('A B', 'A>B')), {
      positions: at({ A: { x: 0, y: 0 }, B: { x: 320, y: 80 } }),
    });
    expect(text).toContain('viewBox="-32 -32 640 208"');
    expect(text).toContain('<g transform="translate(320,80)"><rect width="256"');
    expect(text).toContain('<path d="M256,24 C288,24 288,104 320,104"');
  });

  it('tells edges that carry data from those that only order', () => {
    const chain = chainOf('A B', 'A>B');
    expect(draw(workbenchOf(chain))).toContain('stroke-dasharray="5 5"');
    const reading = withAction(chain, 'B', { inputs: { x: '{{ A.x }}' } });
    expect(draw(workbenchOf(reading))).not.toContain('stroke-dasharray');
  });

  it('says on a card what the canvas says: id, label, definition and what the policy changes', () => {
    const chain = withAction(chainOf('A', 'gone>A'), 'A', { label: 'First', disabled: true, when: '{{ input.x }}' });
    const texts = [...draw(workbenchOf(chain)).matchAll(/<text [^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(['A', 'First · definition-of-A', 'disabled · condition', 'gone', 'missing action']);
  });

  it('has the colours of its theme', () => {
    const workbench = workbenchOf(chainOf('A'));
    expect(draw(workbench)).toContain('fill="#f8fafc"');
    expect(draw(workbench, { theme: 'dark' })).toContain('fill="#0f1115"');
  });

  it('shortens what does not fit a card, by what can be seen as one character', () => {
    const id = toActionId('👩‍🚀'.repeat(20));
    const text = /font-weight="600"[^>]*>([^<]*)</.exec(draw(workbenchOf(chainOf(id))))![1]!;
    expect(text).toMatch(/^(?:👩‍🚀){10,17}…$/u);
  });

  it('stands alone and is well formed, whatever the names (property)', () => {
    const hostile = fc.constantFrom(
      '</text><script>',
      '"\'&amp;<',
      ']]>',
      '\ud800\u0000\ufffe',
      '\u202ex',
      'javascript:',
    );
    const workbenches = fc.tuple(arbitraryWorkbench(), hostile).map(([workbench, name]) => {
      const actions = new Map([...workbench.chain.actions].map(([id, action]) => [id, { ...action, label: name }]));
      return { ...workbench, chain: { ...workbench.chain, name, actions } };
    });
    fc.assert(
      fc.property(workbenches, (workbench) => {
        const { text, fileName, mediaType } = drawChain(workbench, { theme: 'dark', positions: workbench.layout });
        expect(fileName.endsWith('.svg')).toBe(true);
        expect(mediaType).toBe('image/svg+xml');
        const tags = [...text.matchAll(/<(\/?)(\w+)(?:\s[^<>]*?)?(\/?)>/g)];
        expect(new Set(tags.map(([, , name]) => name))).toEqual(
          new Set([
            'svg',
            'title',
            'rect',
            ...(workbench.chain.actions.size > 0 ? ['g', 'circle', 'text'] : []),
            ...(text.includes('<path') ? ['path'] : []),
          ]),
        );
        const open: string[] = [];
        for (const [, closing, name, selfClosing] of tags) {
          if (closing === '/') expect(open.pop()).toBe(name);
          else if (selfClosing !== '/') open.push(name!);
        }
        expect(open).toEqual([]);
        const between = text.replace(/<[^<>]*>/g, '');
        expect(between).not.toMatch(/[<>"]|&(?!(?:amp|lt|gt|quot|#39);)|(?!\n)\p{Cc}|\p{Cs}|\ufffe/u);
        expect(text.replace('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(/href|url\(|https?:/);
        expect(text).not.toContain('NaN');
      }),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('holds every card in its frame, those below the canvas’s own too', () => {
    const text = draw(workbenchOf(chainOf('A B C', 'A>B>C')), { positions: at({ A: { x: -500, y: 900.5 } }) });
    expect(text).toContain('viewBox="-532 -32 1460 1149.5"');
    expect([...text.matchAll(/translate\(([^)]*)\)/g)].map(([, place]) => place)).toEqual([
      '-500,900.5',
      '320,1021.5',
      '640,1021.5',
    ]);
  });

  it('draws thousands of cards', () => {
    const ids = Array.from({ length: 2000 }, (_, index) => `a${index}`);
    const chain = chainOf(ids.join(' '), ids.join('>'));
    expect(draw(workbenchOf(chain)).match(/<g /g)).toHaveLength(2000);
  });
});

describe('placeInColumns', () => {
  const columns = (ids: string, ...edges: readonly string[]) =>
    Object.fromEntries(
      [...placeInColumns(chainOf(ids, ...edges), 0)].map(([id, { x, y }]) => [id, [x / 320, y / 112]]),
    );

  it('places each card to the right of all that it waits for', () => {
    //  A → B → D
    //  A → C ──↗
    expect(columns('D A B C', 'A>B>D', 'A>C>D')).toEqual({ A: [0, 0], B: [1, 0], C: [1, 1], D: [2, 0] });
  });

  it('places what is missing and what waits in a circle', () => {
    expect(columns('A B C', 'gone>A', 'A>B', 'C>B>C>C')).toEqual({ A: [1, 0], B: [2, 0], C: [3, 0], gone: [0, 0] });
  });

  it('gives each card a place of its own, also 10,000 in a row (property)', () => {
    fc.assert(
      fc.property(arbitraryWorkbench(), ({ chain }) => {
        const places = [...placeInColumns(chain, 0).values()].map(({ x, y }) => `${x} ${y}`);
        expect(new Set(places).size).toBe(places.length);
        expect(places.length).toBeGreaterThanOrEqual(chain.actions.size);
      }),
    );
    const ids = Array.from({ length: 10_000 }, (_, index) => `a${index}`);
    expect(placeInColumns(chainOf(ids.join(' '), ids.join('>')), 0).size).toBe(10_000);
  });
});
