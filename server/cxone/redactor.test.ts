import { expect, it } from 'vitest';
import { parseTrustedJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import type { JsonText } from '@/lib/json/value';
import { createRedactor } from './redactor';

const json = (text: string) => parseTrustedJson(text as JsonText);

it('replaces a secret that holds another one whole', () => {
  const redactor = createRedactor(['inner-secret']);
  redactor.learn('inner-secret-and-more');
  expect(redactor.redactText('inner-secret-and-more, inner-secret')).toBe('<redacted>, <redacted>');
});

it('gives the same object back when nothing had to be replaced', () => {
  const value = json('{"a":[1.0,"b"],"c":{}}');
  expect(createRedactor(['some-secret']).redactJson(value)).toBe(value);
});

it('replaces a number that is a secret and keeps the others as they are spelled', () => {
  const redacted = createRedactor(['1234567890']).redactJson(json('[1234567890,12.50,1e3]'));
  expect(printCompactJson(redacted)).toBe('["<redacted>",12.50,1e3]');
});

it('leaves values alone that are too short to be told from ordinary text', () => {
  expect(createRedactor(['1234567']).redactText('1234567')).toBe('1234567');
});

it('finds a secret as a form or a URL spells it', () => {
  const redactor = createRedactor(['a secret/with+signs']);
  expect(redactor.redactText('x=a+secret%2Fwith%2Bsigns&y=a%20secret%2Fwith%2Bsigns')).toBe(
    'x=<redacted>&y=<redacted>',
  );
});

it('never forgets the permanent secrets, however many tokens it learns', () => {
  const redactor = createRedactor(['permanent-secret']);
  for (let i = 0; i < 100; i++) redactor.learn(`token-number-${i}`);
  expect(redactor.redactText('permanent-secret token-number-99 token-number-0')).toBe(
    '<redacted> <redacted> token-number-0',
  );
});
