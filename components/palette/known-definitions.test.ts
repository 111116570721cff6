import { describe, expect, it } from 'vitest';
import type { Definition } from '@/lib/definition/definition';
import { fromPlain } from '@/lib/json/value';
import { checkableDefinitions, knownDefinitions } from './known-definitions';

const SCHEMA = fromPlain({ type: 'object' });

const definition = (id: string, changes: Partial<Definition> = {}): Definition => ({
  id,
  name: id,
  description: '',
  inputSchema: null,
  outputSchema: null,
  effect: null,
  origin: 'connection',
  ...changes,
});

const offering = (...definitions: Definition[]) =>
  ({ state: 'available', definitions, byId: new Map(definitions.map((item) => [item.id, item])) }) as const;

describe('known definitions', () => {
  const local = definition('local:lookup', { origin: 'imported', inputSchema: SCHEMA, name: 'Lookup' });

  it('hold imported ones beside those of the connection', () => {
    const known = knownDefinitions(offering(definition('a')), [local], null);
    expect([...known.keys()].sort()).toEqual(['a', 'local:lookup']);
  });

  it('give a mapped id the name and contract of what is called', () => {
    const outputSchema = fromPlain({ type: 'array' });
    const tenant = definition('7f', { name: 'Lookup in the tenant', outputSchema, effect: 'read' });
    const known = knownDefinitions(offering(tenant), [local], new Map([['local:lookup', '7f']]));
    expect(known.get('local:lookup')).toEqual({
      ...tenant,
      id: 'local:lookup',
      // The tenant tells no input schema; the file did.
      inputSchema: SCHEMA,
    });
  });

  it('keep an imported definition whose mapped id the connection does not list', () => {
    const known = knownDefinitions(offering(), [local], new Map([['local:lookup', 'gone']]));
    expect(known.get('local:lookup')).toBe(local);
  });

  it('are imported ones alone while the connection lists none', () => {
    const known = knownDefinitions({ state: 'unavailable', reason: '403' }, [local], null);
    expect([...known.values()]).toEqual([local]);
  });
});

describe('what can be checked', () => {
  it('is null when nothing is known, so that no id counts as unknown', () => {
    expect(checkableDefinitions(new Map(), false, ['x'])).toBeNull();
  });

  it('lets every id stand for itself while a connection does not list its definitions', () => {
    const local = definition('local:lookup', { inputSchema: SCHEMA });
    const checkable = checkableDefinitions(new Map([[local.id, local]]), false, ['x', 'local:lookup']);
    expect(checkable?.get('local:lookup')).toBe(local);
    expect(checkable?.get('x')).toMatchObject({ id: 'x', inputSchema: null });
  });

  it('is the whole catalog as it stands when the connection lists all', () => {
    const known = new Map([['a', definition('a')]]);
    expect(checkableDefinitions(known, true, ['x'])).toBe(known);
  });
});
