import { describe, expect, it } from 'vitest';
import { slugOf, stripExportSuffix } from './definition-name';

describe('stripExportSuffix', () => {
  it.each([
    ['Get Sentiment - JVM - Exported 2024-11-19 @ 14:10', 'Get Sentiment - JVM'],
    ['Twice - Exported 2024-02-27 @ 15:48 - Exported 2024-02-28 @ 14:51', 'Twice'],
    ['Other - Exported 11/19/2024 @ 2:10 PM', 'Other'],
    ['Trimmed  - Exported 2024-11-19 @ 14:10  ', 'Trimmed'],
    ['  Plain ', 'Plain'],
    ['A - Exported 2024-11-19 @ 14:10 copy', 'A - Exported 2024-11-19 @ 14:10 copy'],
    ['Exported 2024-11-19 @ 14:10', 'Exported 2024-11-19 @ 14:10'],
    ['Exported orders', 'Exported orders'],
    ['List - Exported', 'List - Exported'],
    [' - Exported 2024-11-19 @ 14:10', ''],
    ['', ''],
  ])('makes %j into %j', (name, stripped) => expect(stripExportSuffix(name)).toBe(stripped));

  it('takes a time that grows with the name, not with its square', () => {
    expect(stripExportSuffix(' - Exported 2024-11-19 @ 14:10'.repeat(150_000))).toBe('');
    expect(stripExportSuffix(' '.repeat(1_000_000))).toBe('');
  });
});

describe('slugOf', () => {
  it.each([
    ['Get Customer (v2)', 'get-customer-v2'],
    ['--Mickelsen_SFDC: Create/Case--', 'mickelsen-sfdc-create-case'],
    ['Kunden-Größe', 'kunden-größe'],
    ['顧客 を 探す', '顧客-を-探す'],
    ['Ñ', 'ñ'],
    ['N\u0303', 'ñ'],
    ['!!!', ''],
    ['\ud800', ''],
    ['__proto__', 'proto'],
  ])('makes %j into %j', (name, slug) => expect(slugOf(name)).toBe(slug));

  it('has at most 80 characters, and ends in none that joins', () => {
    expect([...slugOf('𠮷'.repeat(200))]).toHaveLength(80);
    expect(slugOf(`${'a'.repeat(79)} b`)).toBe('a'.repeat(79));
  });
});
