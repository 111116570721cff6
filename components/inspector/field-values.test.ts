import { describe, expect, it } from 'vitest';
import { printCompactJson } from '@/lib/json/print-json';
import { fromPlain, type JsonValue, Numeral } from '@/lib/json/value';
import { declareInput, removeInput } from './declare-input';
import { previewOf } from './preview-of';
import { textOfValue, valueOfText } from './value-text';

const print = (value: JsonValue | undefined) => (value === undefined ? undefined : printCompactJson(value));

describe('what a person means by a text', () => {
  it.each([
    ['30', 'integer', '30'],
    ['2.0', 'number', '2.0'],
    ['9007199254740993', 'integer', '9007199254740993'],
    ['30', 'string', '"30"'],
    ['30', 'text', '"30"'],
    ['5.', 'JSON', '"5."'],
    ['5.5', 'JSON', '5.5'],
    ['{"k":12}', 'JSON', '{"k":12}'],
    ['{{ input.n }}', 'JSON', '"{{ input.n }}"'],
    ['true', 'boolean', 'true'],
    ['yes', 'boolean', '"yes"'],
    ['null', 'integer or null', 'null'],
    ['null', 'string or null', '"null"'],
    ['[1, "a"]', 'list of string', '[1,"a"]'],
    ['[1,', 'list', '"[1,"'],
    ['{{ input.n }}', 'integer', '"{{ input.n }}"'],
    ['{"a": "{{ input.n }}"}', 'object', '{"a":"{{ input.n }}"}'],
  ])('%s in a field of type %s is %s', (text, type, expected) => {
    expect(print(valueOfText(text, type))).toBe(expected);
  });

  it('is nothing when it is empty', () => expect(valueOfText('', 'string')).toBeUndefined());

  it('is shown again as it was typed', () => {
    expect(textOfValue(new Numeral('2.0'))).toBe('2.0');
    expect(textOfValue('{{ a.b }}')).toBe('{{ a.b }}');
  });
});

describe('declared inputs', () => {
  it('are added as required and removed without a trace', () => {
    const one = declareInput(undefined, 'account_id', 'string');
    expect(print(one)).toBe(
      '{"type":"object","properties":{"account_id":{"type":"string"}},"required":["account_id"]}',
    );
    expect(removeInput(one, 'account_id')).toBeUndefined();
  });

  it('leave what else the schema says', () => {
    const schema = fromPlain({ type: 'object', title: 'T', properties: { a: {} }, required: ['a'] });
    expect(print(removeInput(schema, 'a'))).toBe('{"type":"object","title":"T","properties":{}}');
  });
});

describe('the preview beneath a field', () => {
  const scope = new Map<string, JsonValue>([
    ['input', fromPlain({ account_id: '12345' })],
    ['fetch', fromPlain({ id: 'C-1042', n: 3 })],
  ]);
  const preview = (value: JsonValue, missing: readonly string[] = []) =>
    previewOf({ value, scope, missing: new Set(missing), settings: undefined });

  it('shows value, type and where it comes from', () => {
    expect(preview('{{ fetch.n }}')).toEqual({ text: '3', type: 'number', source: 'last run' });
    expect(preview('{{ input.account_id }}')).toEqual({ text: '"12345"', type: 'string', source: 'sample input' });
  });

  it('is absent while an upstream action has given nothing', () => {
    expect(preview('{{ other.id }}', ['other'])).toBeNull();
  });

  it('has no value for a template in error, and no place for text without a template', () => {
    expect(preview('{{ fetch.nothing }}')).toBeNull();
    expect(preview('plain')).toBeUndefined();
  });
});
