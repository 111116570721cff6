import { describe, expect, it } from 'vitest';
import { fromPlain, isJsonObject, type JsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { describeNewerFormat, type MigrationStep, migrateChain } from './migrate-chain';
import { parseChain } from './parse-chain';
import { hashChain, printChain } from './print-chain';

const documentOf = (format: string | null, rest: Parameters<typeof fromPlain>[0] & object = {}): JsonObject => {
  const value = fromPlain({ ...(format === null ? {} : { format }), actions: {}, ...rest });
  if (!isJsonObject(value)) throw new Error('no object');
  return value;
};

/** `tasks` became `actions`, then every chain got a name. */
const INVENTED: readonly MigrationStep[] = [
  {
    from: 'chainwright.chain/0',
    to: 'chainwright.chain/0.5',
    migrate: (document) => new Map([...document].map(([key, value]) => [key === 'tasks' ? 'actions' : key, value])),
  },
  {
    from: 'chainwright.chain/0.5',
    to: 'chainwright.chain/1',
    migrate: (document) => new Map(document).set('name', 'Migrated'),
  },
];

const oldest: JsonObject = new Map<string, JsonValue>([
  ['format', 'chainwright.chain/0'],
  ['tasks', new Map([['a', new Map([['definition_id', 'd']])]])],
]);

describe('migrateChain', () => {
  it('takes every step from the document’s version to the newest', () => {
    const migrated = migrateChain(oldest, INVENTED);
    if (!migrated.ok) throw new Error(migrated.error);
    expect([...migrated.value.keys()]).toEqual(['format', 'actions', 'name']);
    expect(migrated.value.get('format')).toBe('chainwright.chain/1');
  });

  it('enters where the document stands', () => {
    const between = documentOf('chainwright.chain/0.5');
    expect(migrateChain(between, INVENTED)).toMatchObject({ ok: true });
    const migrated = migrateChain(between, INVENTED);
    expect(migrated.ok && migrated.value.get('name')).toBe('Migrated');
  });

  it('gives a document that exports and hashes as the newest version', () => {
    const migrated = migrateChain(oldest, INVENTED);
    const old = migrated.ok ? parseChain(migrated.value) : migrated;
    const young = parseChain(
      documentOf('chainwright.chain/1', { name: 'Migrated', actions: { a: { definition_id: 'd' } } }),
    );
    if (!old.ok || !young.ok) throw new Error('rejected');
    expect(printChain(old.value)).toContain('"format": "chainwright.chain/1"');
    expect(hashChain(old.value)).toBe(hashChain(young.value));
  });

  it.each([documentOf('chainwright.chain/1'), documentOf('something else'), documentOf(null)])(
    'leaves alone what is of no earlier version',
    (document) => {
      const migrated = migrateChain(document, INVENTED);
      expect(migrated.ok && migrated.value).toBe(document);
    },
  );

  it('does not change the document that it was given', () => {
    const before = [...oldest];
    migrateChain(oldest, INVENTED);
    expect([...oldest]).toEqual(before);
  });

  it('refuses a version above the newest, which is the newest of the moment', () => {
    expect(migrateChain(documentOf('chainwright.chain/2'))).toEqual({
      ok: false,
      error:
        'The format is chainwright.chain/2: this was made by a newer Chainwright, and this one reads up to chainwright.chain/1. Update Chainwright, or export the file again from the version that made it, in the older format.',
    });
    expect(migrateChain(documentOf('chainwright.chain/2'), [], 'chainwright.chain/2').ok).toBe(true);
    expect(migrateChain(documentOf('chainwright.chain/10'), [], 'chainwright.chain/9').ok).toBe(false);
  });
});

describe('describeNewerFormat', () => {
  it.each([
    'chainwright.chain/1',
    'chainwright.chain/0',
    'chainwright.chain/',
    'chainwright.chain/02',
    'chainwright.chain/2.1',
    `chainwright.chain/${'9'.repeat(5000)}`,
    'chainwright.chains/2',
    null,
    new Numeral('2'),
    undefined,
  ])('knows no newer version in %s', (format) => {
    expect(describeNewerFormat(format, 'chainwright.chain/1')).toBeUndefined();
  });
});
