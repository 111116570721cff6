import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import { CHAIN_FIELDS } from '@/lib/chain/chain';
import { parseChainText } from '@/lib/chain/parse-chain';
import { printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { printChainSchema } from './print-schema';
import { projectDir } from './setup.js';

const accepts = (text: string): boolean =>
  new Validator(JSON.parse(printChainSchema()), '2020-12').validate(JSON.parse(text)).valid;
const isRead = (text: string): boolean => parseChainText(text).ok;

const chain = (keys: object): string => JSON.stringify({ format: 'chainwright.chain/1', actions: {}, ...keys });
const action = (keys: object): string => chain({ actions: { a: { definition_id: 'd', ...keys } } });
const settings = (keys: object): string => chain({ settings: keys });

describe('public/schema/chain-1.json', () => {
  it('is what the code says (else: npm run documents)', () => {
    const file = path.join(projectDir, 'public', 'schema', 'chain-1.json');
    expect(readFileSync(file, 'utf8')).toBe(printChainSchema());
  });

  it('accepts the example chain', () => {
    expect(accepts(printChain(exampleWorkbench().chain))).toBe(true);
  });

  it('says something of every key but the free ones', () => {
    const { properties, $defs } = JSON.parse(printChainSchema());
    expect(Object.keys(properties)).toEqual(Object.keys(CHAIN_FIELDS.shape));
    const records = [properties, ...Object.values<{ properties: object }>($defs).map((record) => record.properties)];
    const unsaid = records.flatMap((record) =>
      Object.entries<object>(record).flatMap(([key, schema]) => (Object.keys(schema).length === 0 ? [key] : [])),
    );
    expect(unsaid).toEqual(['inputs', 'fallback']);
  });

  it.each([
    chain({ 'x-team': 1, $schema: 'https://example.org/chain-1.json', name: 'n', inputs: { type: 'object' } }),
    settings({
      deadline_sec: null,
      retry: { on: ['timeout'], 'x-why': 'slow' },
      webhook: { url: 'HTTPS://a.example' },
    }),
    // A draft with the problem policy_conflict.
    settings({ retry: { on: ['cancelled'] } }),
    settings({ max_concurrency: 64, timeout_sec: 0.1, retry: { max_attempts: 1 } }),
    action({ depends_on: null, inputs: null, fallback: [1], retry: { jitter: 'none' }, 'x-note': 1 }),
    chain({ actions: { 'x-1': { definition_id: 'd' }, constructor: { definition_id: 'd', depends_on: ['nobody'] } } }),
  ])('accepts what the reader accepts: %s', (text) => {
    expect([accepts(text), isRead(text)]).toEqual([true, true]);
  });

  it.each([
    '[]',
    '{"actions":{}}',
    '{"format":"chainwright.chain/1"}',
    chain({ format: 'chainwright.chain/2' }),
    chain({ colour: 'red' }),
    chain({ actions: [] }),
    chain({ actions: { a: {} } }),
    chain({ actions: { input: { definition_id: 'd' } } }),
    chain({ actions: { '': { definition_id: 'd' } } }),
    chain({ actions: { 'a\u0085': { definition_id: 'd' } } }),
    chain({ inputs: 1 }),
    settings({ max_concurrency: 65 }),
    settings({ max_concurrency: 1.5 }),
    settings({ timeout_sec: '30' }),
    settings({ retry: { tries: 3 } }),
    settings({ retry: { on: ['canceled'] } }),
    settings({ webhook: { url: 'ftp://example.org' } }),
    settings({ webhook: {} }),
    action({ depends_onn: ['b'] }),
    action({ depends_on: 'b' }),
    action({ definition_id: '' }),
    action({ retry: { max_attempts: 0 } }),
    action({ effect: 'delete' }),
  ])('refuses what the reader refuses: %s', (text) => {
    expect([accepts(text), isRead(text)]).toEqual([false, false]);
  });
});
