import { expect, it } from 'vitest';
import { toPrintable, toPrintableJson, toPrintableLines } from './printable';

it.each([
  ['a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['line\nline\r\t', 'line\\u000aline\\u000d\\u0009'],
  ['\u009b31m\u007f', '\\u009b31m\\u007f'],
  ['a\u202eb\u2066c\u2028', 'a\\u202eb\\u2066c\\u2028'],
  ['half \ud800 pair', 'half \\ud800 pair'],
  ['Grüße, 世界 🙂', 'Grüße, 世界 🙂'],
])('shows %j as %j', (text, expected) => {
  expect(toPrintable(text)).toBe(expected);
});

it('leaves JSON the same JSON, line breaks included', () => {
  const value = { 'k\u202e': ['\u009b', '\u001b', 'Grüße 🙂', '\u007f'] };
  const text = JSON.stringify(value, null, 2);
  const printed = toPrintableJson(text);
  expect(JSON.parse(printed)).toEqual(value);
  expect(printed.split('\n')).toHaveLength(text.split('\n').length);
  expect(printed).not.toMatch(/[\u007f-\u009f\u202e]/);
});

it('leaves the lines of a text of several lines', () => {
  expect(toPrintableLines('a\u001b\nb\r\n')).toBe('a\\u001b\nb\\u000d\n');
});
