import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Definition } from './definition';
import { localIdOf, settleLocalIds } from './local-ids';

const definition = (name: string, id = localIdOf(name)): Definition => ({
  id,
  name,
  description: '',
  inputSchema: null,
  outputSchema: null,
  effect: null,
  origin: 'imported',
});
const idsOf = (imported: readonly Definition[], existing: readonly Definition[] = []) =>
  settleLocalIds(imported, existing).map(({ id }) => id);

describe('localIdOf', () => {
  it('is never empty behind its prefix', () => {
    expect(localIdOf('Get Customer')).toBe('local:get-customer');
    expect(localIdOf('!!!')).toBe('local:definition');
  });
});

describe('settleLocalIds', () => {
  it('gives one of the same name the id that this name has, so that it replaces it', () => {
    expect(idsOf([definition('Get X')], [definition('Get X')])).toEqual(['local:get-x']);
    expect(idsOf([definition('Get X')], [definition('Get-X'), definition('Get X', 'local:get-x-2')])).toEqual([
      'local:get-x-2',
    ]);
  });

  it('gives another name for a taken id the next number', () => {
    expect(idsOf([definition('Get-X')], [definition('Get X')])).toEqual(['local:get-x-2']);
    expect(idsOf([definition('Get/X')], [definition('Get X'), definition('Get X 2')])).toEqual(['local:get-x-3']);
    expect(idsOf([definition('Get X'), definition('Get-X'), definition('Get_X')])).toEqual([
      'local:get-x',
      'local:get-x-2',
      'local:get-x-3',
    ]);
  });

  it('keeps two of the same name apart, and finds both again', () => {
    const twins = settleLocalIds([definition('Get X'), definition('Get X')], []);
    expect(twins.map(({ id }) => id)).toEqual(['local:get-x', 'local:get-x-2']);
    expect(idsOf([definition('Get X'), definition('Get X')], twins)).toEqual(['local:get-x', 'local:get-x-2']);
  });

  it('leaves ids of a tenant alone, and does not take a tenant’s definition for a local one', () => {
    expect(idsOf([definition('Get X', 'd-1')], [definition('Get X')])).toEqual(['d-1']);
    expect(idsOf([definition('Get X')], [definition('Get X', 'd-1')])).toEqual(['local:get-x']);
  });

  it('gives every definition an id of its own, and the same ones when all are imported again (property)', () => {
    const names = fc.array(fc.constantFrom('Get X', 'Get-X', 'get x', 'Get X 2', 'Get X-2', '!', '?'), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(names, names, (first, second) => {
        const existing = settleLocalIds(
          first.map((name) => definition(name)),
          [],
        );
        const added = settleLocalIds(
          second.map((name) => definition(name)),
          existing,
        );
        const ids = added.map(({ id }) => id);
        expect(new Set(ids).size).toBe(second.length);
        const nameById = new Map(existing.map(({ id, name }) => [id, name]));
        for (const { id, name } of added) expect(nameById.get(id) ?? name).toBe(name);
        const all = new Map([...existing, ...added].map((each) => [each.id, each]));
        expect(
          settleLocalIds(
            second.map((name) => definition(name)),
            all.values(),
          ).every(({ id }) => all.has(id)),
        ).toBe(true);
      }),
    );
  });
});
