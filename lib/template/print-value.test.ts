import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Budget } from './budget';
import { roundHalfEven } from './callables/round-float';
import { parseJinja } from './jinja-parser';
import { compareText } from './operators';
import { quoteString } from './print-value';
import { splitLines, splitWords, strip } from './python-text';
import { indexOfText, replaceCharged, splitAt } from './search-text';
import { printFloat } from './values';

describe('printFloat', () => {
  it.each([
    [1, '1.0'],
    [-0, '-0.0'],
    [0.1 + 0.2, '0.30000000000000004'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [1.5e16, '1.5e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [0.0001, '0.0001'],
    [0.00012345, '0.00012345'],
    [0.00001, '1e-05'],
    [1e-7, '1e-07'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [Number.NaN, 'nan'],
    [Number.POSITIVE_INFINITY, 'inf'],
    [Number.NEGATIVE_INFINITY, '-inf'],
  ])('prints %d as Python does: %s', (value, expected) => {
    expect(printFloat(value)).toBe(expected);
  });

  it('keeps the value and always looks like a float (property)', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = printFloat(value);
        expect(Object.is(Number(text), value)).toBe(true);
        expect(text).toMatch(/^-?\d+(\.\d+)?(e[+-]\d\d+)?$/);
        expect(text).toMatch(/[.e]/);
      }),
    );
  });
});

describe('quoteString', () => {
  it.each([
    ['a', "'a'"],
    ["it's", '"it\'s"'],
    ['say "hi"', '\'say "hi"\''],
    ['both \' and "', "'both \\' and \"'"],
    ['\n\t\r\\', "'\\n\\t\\r\\\\'"],
    ['\u0000\u007f\u00a0\u2028\ufeff', "'\\x00\\x7f\\xa0\\u2028\\ufeff'"],
    ['é日😀', "'é日😀'"],
    ['\ud800', "'\\ud800'"],
    ['\u{e0001}', "'\\U000e0001'"],
  ])('quotes %j as %s', (text, expected) => {
    expect(quoteString(text)).toBe(expected);
  });

  it('gives a literal that reads back as the text (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const [node] = parseJinja(`{{ ${quoteString(text)} }}`);
        expect(node).toMatchObject({ expression: { type: 'literal', value: text } });
      }),
    );
  });
});

describe('roundHalfEven', () => {
  it.each([
    [0.5, 0, 0],
    [1.5, 0, 2],
    [2.5, 0, 2],
    [-2.5, 0, -2],
    [0.125, 2, 0.12],
    [0.375, 2, 0.38],
    [2.675, 2, 2.67],
    [1.005, 2, 1],
    [1250, -2, 1200],
    [1350, -2, 1400],
    [5e-324, 323, 0],
  ])('rounds %d to %d places: %d', (value, places, expected) => {
    expect(roundHalfEven(value, places).value).toBe(expected);
  });
});

describe('Python’s text', () => {
  it('has white space of its own', () => {
    expect(strip(' \u001c\u0085\u00a0\u3000a\ufeff ')).toBe('a\ufeff');
    expect(splitWords('  a \u001f b\u2003c ')).toEqual(['a', 'b', 'c']);
    expect(splitLines('a\nb\r\nc\rd\u2028e\u001ef\n')).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(splitLines('a\n\n')).toEqual(['a', '']);
    expect(splitLines('')).toEqual([]);
  });

  it('is in the order of code points (property)', () => {
    const anyText = fc.array(fc.constantFrom('a', 'b', '\uffff', '😀', '\ud800'), { maxLength: 4 });
    const points = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0)!);
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        const [a, b] = [one.join(''), other.join('')];
        const [x, y] = [points(a), points(b)];
        const i = x.findIndex((point, index) => point !== y[index]);
        const expected = i === -1 ? x.length - y.length : y[i] === undefined ? 1 : x[i]! - y[i]!;
        expect(Math.sign(compareText(a, b, new Budget()))).toBe(Math.sign(expected));
      }),
    );
  });
});

describe('searching', () => {
  const letters = fc.array(fc.constantFrom('a', 'b'), { maxLength: 60 }).map((parts) => parts.join(''));

  it('finds what indexOf and split find, also by the linear way (property)', () => {
    fc.assert(
      fc.property(letters, letters, (text, part) => {
        fc.pre(part !== '');
        // Long enough that the linear search is taken.
        const long = part.repeat(Math.ceil(1100 / part.length));
        const haystack = text.repeat(20) + long + text;
        expect(indexOfText(haystack, long)).toBe(haystack.indexOf(long));
        expect(splitAt(haystack, long)).toEqual(haystack.split(long));
        expect(indexOfText(text, part)).toBe(text.indexOf(part));
        expect(splitAt(text, part)).toEqual(text.split(part));
      }),
    );
  });

  it.each([
    ['aaaa', 'a', 'b', -1, 'bbbb'],
    ['aaaa', 'a', 'b', 2, 'bbaa'],
    ['aaaa', 'a', 'b', 0, 'aaaa'],
    ['aaa', 'aa', 'b', -1, 'ba'],
    ['abc', '', '-', -1, '-a-b-c-'],
    ['abc', '', '-', 2, '-a-bc'],
    ['', '', '-', -1, '-'],
    ['a😀', '', '-', -1, '-a-😀-'],
    ['abc', 'x', 'y', -1, 'abc'],
  ])('replaces in %j %j by %j, %d times: %j', (text, old, fresh, limit, expected) => {
    expect(replaceCharged(text, old, fresh, limit, new Budget())).toBe(expected);
  });
});
