import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPlain, isJsonObject, type PlainJson } from '@/lib/json/value';
import { arbitraryJsonObject } from '@/testing/arbitrary-json';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { isDefinitionFile, parseDefinition } from './parse-definition';

type PlainObject = { readonly [key: string]: PlainJson };

const INPUT = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  title: 'Lookup',
  type: 'object',
  required: ['number'],
  properties: { number: { type: 'string', description: 'E.164', default: '+1' }, kind: { enum: ['a', 'b'] } },
  additionalProperties: false,
};
const OUTPUT = { type: 'array', properties: {}, items: { type: 'object', properties: { Id: { type: 'string' } } } };

/** As the user interface exports it. */
const exported = (changes: PlainObject = {}): PlainObject => ({
  name: 'Find contact - Exported 2025-03-11 @ 10:31',
  integrationType: 'custom-rest-actions',
  actionType: 'custom',
  config: {
    request: {
      requestType: 'GET',
      headers: { authorization: 'Basic c2VjcmV0' },
      requestTemplate: 'raw',
    },
  },
  contract: { input: { inputSchema: INPUT }, output: { successSchema: OUTPUT } },
  secure: false,
  ...changes,
});

/** As the API takes it. */
const body = (changes: PlainObject = {}): PlainObject => {
  const { integrationType: _type, actionType: _action, ...rest } = exported();
  return { ...rest, category: 'CRM', integrationId: 'e1', ...changes };
};

function read(file: PlainObject) {
  const value = fromPlain(file);
  if (!isJsonObject(value)) throw new Error('no object');
  return parseDefinition(value);
}
const definitionOf = (file: PlainObject) => {
  const parsed = read(file);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};
const rejectionsOf = (file: PlainObject) => {
  const parsed = read(file);
  if (parsed.ok) throw new Error('accepted');
  return parsed.error;
};

describe('parseDefinition', () => {
  it.each([exported(), body()])('keeps name, contract and method of either form, and nothing else', (file) => {
    expect(definitionOf(file)).toEqual({
      id: 'local:find-contact',
      name: 'Find contact',
      description: '',
      inputSchema: fromPlain(INPUT),
      outputSchema: fromPlain(OUTPUT),
      effect: 'read',
      origin: 'imported',
    });
  });

  it.each([
    ['get', 'read'],
    ['POST', null],
    ['DELETE', null],
    [7, null],
  ])('takes from the method %s the effect %s', (requestType, effect) => {
    expect(definitionOf(exported({ config: { request: { requestType } } })).effect).toBe(effect);
  });

  it.each([{}, { config: null }, { config: 'text' }, { config: { request: [] } }])(
    'knows no effect without a request: %j',
    (changes) => {
      const { config: _config, ...file } = exported();
      expect(definitionOf({ ...file, ...changes }).effect).toBeNull();
    },
  );

  it.each([
    [{}, null],
    [{ input: null, output: {} }, null],
    [{ input: { inputSchema: null } }, null],
    [{ input: { inputSchema: true } }, true],
    [{ input: { inputSchema: {} } }, new Map()],
  ])('reads the input schema of the contract %j', (contract, schema) => {
    expect(definitionOf(exported({ contract })).inputSchema).toEqual(schema);
  });

  it('takes an absent contract as schemas that nobody told', () => {
    const { contract: _contract, ...file } = exported();
    expect(definitionOf(file)).toMatchObject({ inputSchema: null, outputSchema: null });
  });

  it.each([
    [{ name: '' }, '/name', 'name is empty; a definition is found by its name, so give it one.'],
    [{ name: '  ' }, '/name', 'name is empty; a definition is found by its name, so give it one.'],
    [
      { name: ' - Exported 2024-11-19 @ 14:10' },
      '/name',
      'name is empty; a definition is found by its name, so give it one.',
    ],
    [{ name: null }, '/name', 'name is null; expected the name of the data action, a text.'],
    [{ name: 5 }, '/name', 'name is 5; expected the name of the data action, a text.'],
    [{ contract: [] }, '/contract', 'contract is a list; expected an object.'],
    [{ contract: { input: 'x' } }, '/contract/input', 'input is the text "x"; expected an object.'],
    [
      { contract: { output: { successSchema: [] } } },
      '/contract/output/successSchema',
      'successSchema is a list; expected a JSON Schema: an object.',
    ],
  ])('rejects %j with its place', (changes, path, message) => {
    expect(rejectionsOf(exported(changes))).toEqual([{ code: 'schema', path, message }]);
  });

  it('rejects a missing name, and one of more than 256 characters', () => {
    const { name: _name, ...file } = exported();
    expect(rejectionsOf(file)).toMatchObject([{ path: '/name', message: expect.stringMatching(/^name is missing; /) }]);
    expect(rejectionsOf(exported({ name: 'n'.repeat(257) }))).toMatchObject([{ code: 'limit', path: '/name' }]);
    expect(definitionOf(exported({ name: 'n'.repeat(256) })).name).toHaveLength(256);
  });

  it('names every wrong place at once, below the path that it was given', () => {
    const value = fromPlain(exported({ name: 1, contract: { input: [], output: 5 } }));
    const parsed = isJsonObject(value) ? parseDefinition(value, [3]) : undefined;
    expect(parsed?.ok === false && parsed.error.map(({ path }) => path)).toEqual([
      '/3/name',
      '/3/contract/input',
      '/3/contract/output',
    ]);
  });

  it('tells nothing of the config, whatever is wrong with the rest', () => {
    const config = { request: { requestType: { secret: 'hunter2' }, headers: 'hunter2' }, hunter2: ['hunter2'] };
    expect(JSON.stringify(rejectionsOf(exported({ name: null, config, contract: 'x' })))).not.toContain('hunter2');
  });

  it('never throws on any object (property)', () => {
    fc.assert(
      fc.property(arbitraryJsonObject(), arbitraryJsonObject(), (value, contract) => {
        for (const file of [value, new Map([...value, ['name', 'N'], ['contract', contract]] as const)]) {
          const parsed = parseDefinition(file);
          if (parsed.ok) expect(parsed.value.id).toMatch(/^local:./);
          else expect(parsed.error.length).toBeGreaterThan(0);
        }
      }),
      { numRuns: fuzzRuns(300) },
    );
  });
});

describe('isDefinitionFile', () => {
  const is = (value: PlainJson): boolean => isDefinitionFile(fromPlain(value));

  it.each([
    exported(),
    body(),
    { name: 'N', contract: {} },
    { name: 5, contract: {}, config: {} },
    { config: {}, contract: {} },
    { integrationType: 't', config: {}, secure: true },
  ])('knows a definition, a wrong one too: %j', (file) => expect(is(file)).toBe(true));

  it.each([
    null,
    [],
    {},
    { name: 'N' },
    { contract: {} },
    { name: 'N', contract: 'x' },
    { name: 'N', secure: true },
    { name: { definition_id: 'd' }, contract: { definition_id: 'd' } },
    { config: {}, contract: {}, fetch: { definition_id: 'd' } },
  ])('does not take for one: %j', (value) => expect(is(value)).toBe(false));
});
