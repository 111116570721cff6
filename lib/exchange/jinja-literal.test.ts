import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson, type JsonValue, Numeral } from '@/lib/json/value';
import { bindInputs } from '@/lib/template/bind-inputs';
import { isTemplate } from '@/lib/template/parse-template';
import { arbitraryJson, arbitraryText } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { escapeForJinja, printJinjaLiteral } from './jinja-literal';

const render = (inputs: JsonValue, scope: ReadonlyMap<string, JsonValue> = new Map()) =>
  bindInputs({ inputs, scope, binding: 'text', undefinedMode: 'strict' });

describe('printJinjaLiteral', () => {
  it('prints any JSON as an expression that gives it back (property)', () => {
    fc.assert(
      fc.property(arbitraryJson({ depthMax: 3 }), (value) => {
        // Compared as Python prints them, which tells types apart and knows infinity.
        const literal = render(`{{ ${printJinjaLiteral(value)} }}`);
        const unfolded = render(`{{ ${printJinjaLiteral(value, false)} }}`);
        const given = render('{{ given }}', new Map([['given', value]]));
        if (!given.ok) throw new Error(given.error.message);
        expect(literal).toEqual(given);
        expect(unfolded).toEqual(given);
      }),
    );
  });

  it('tells whole numbers from fractions, and true from 1', () => {
    expect(printJinjaLiteral([new Numeral('2'), new Numeral('2.0'), true, new Numeral('-1e5')])).toBe(
      '[2, 2.0, true, (-1e5)]',
    );
  });
});

describe('escapeForJinja', () => {
  it('gives texts that render as what they were, whatever stands in them (property)', () => {
    const pieces = fc.array(fc.constantFrom('{', '{{', '{%', '{#', '}', '}}', '%}', '#}', '\r', '\n', '-', 'a', "'"), {
      maxLength: 8,
    });
    const texts = fc.oneof(
      arbitraryText,
      pieces.map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const escaped = escapeForJinja(text);
        const bound = render(escaped);
        expect(bound.ok && bound.value.value).toBe(text);
        // And so it does in Jinja2, which drops a newline at the end and turns CR into LF.
        expect(escaped).not.toMatch(/\r|\n$/);
      }),
      { numRuns: fuzzRuns(500) },
    );
  });

  it('shares what needs no escape', () => {
    const value = new Map<string, JsonValue>([['a', ['plain', new Numeral('1')]]]);
    expect(escapeForJinja(value)).toBe(value);
    const braces = new Map<string, JsonValue>([['{{ key }}', ['{{']]]);
    const escaped = escapeForJinja(braces);
    expect(isSameJson(escaped, new Map<string, JsonValue>([['{{ key }}', ["{{ '{{' }}"]]]))).toBe(true);
    expect(isTemplate("{{ '{{' }}")).toBe(true);
  });
});
