import { expect, it } from 'vitest';
import { printable } from './place-words';

it.each([
  ['/actions/a\u0007b', '/actions/a\\u0007b'],
  ['/a\u202eb\nc', '/a\\u202eb\\u000ac'],
  ['/größe/名前', '/größe/名前'],
])('a place shows what cannot be seen: %j', (path, expected) => expect(printable(path)).toBe(expected));
