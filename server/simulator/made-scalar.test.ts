import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromPlain, isJsonObject, type JsonObject, type PlainJson } from '@/lib/json/value';
import { checkValue } from '@/lib/schema/json-schema';
import { createChance } from './chance';
import { makeNumber, makeText } from './made-scalar';

const partOf = (schema: PlainJson): JsonObject => {
  const value = fromPlain(schema);
  if (!isJsonObject(value)) throw new Error('Not an object');
  return value;
};
const variantOf = (...schemas: readonly PlainJson[]) => ({ parts: schemas.map(partOf) });

const numberOf = (seed: string, isWhole: boolean, ...schemas: readonly PlainJson[]): number | undefined =>
  makeNumber(variantOf(...schemas), isWhole, createChance(seed))?.toNumber();

describe('makeNumber', () => {
  it('stays within open and closed bounds of old and new drafts at the first try (property)', () => {
    const open = fc.constantFrom('closed', 'open', 'open of draft-04');
    fc.assert(
      fc.property(
        fc.integer({ min: -50, max: 50 }),
        fc.integer({ min: 2, max: 4 }),
        fc.tuple(open, open),
        fc.boolean(),
        fc.string(),
        (least, span, [below, above], isWhole, seed) => {
          const most = least + span;
          const schema = {
            ...(below === 'open' ? { exclusiveMinimum: least } : { minimum: least }),
            ...(below === 'open of draft-04' ? { exclusiveMinimum: true } : {}),
            ...(above === 'open' ? { exclusiveMaximum: most } : { maximum: most }),
            ...(above === 'open of draft-04' ? { exclusiveMaximum: true } : {}),
          };
          const made = makeNumber(variantOf(schema), isWhole, createChance(seed));
          expect(checkValue(fromPlain({ type: isWhole ? 'integer' : 'number', ...schema }), made!)).toEqual([]);
        },
      ),
    );
  });

  it('takes the narrowest bounds of all parts', () => {
    const parts = [{ minimum: 1, maximum: 50 }, { minimum: 20, maximum: 90 }, { exclusiveMaximum: 22 }];
    const made = new Set(Array.from({ length: 30 }, (_, i) => numberOf(`${i}`, true, ...parts)));
    expect([...made].toSorted()).toEqual([20, 21]);
  });

  it('finds none where the bounds leave none', () => {
    expect(numberOf('', true, { exclusiveMinimum: 4, exclusiveMaximum: 5 })).toBeUndefined();
    expect(numberOf('', false, { minimum: 4, exclusiveMaximum: 4 })).toBeUndefined();
    expect(numberOf('', true, { minimum: 5, maximum: 9, multipleOf: 10 })).toBeUndefined();
    expect(numberOf('', true, { minimum: 5, maximum: 2000, multipleOf: 5000 })).toBeUndefined();
  });

  it('spells a multiple of a fraction without the dust of its product', () => {
    const texts = Array.from({ length: 50 }, (_, i) => {
      const variant = variantOf({ multipleOf: 0.01, minimum: 0, maximum: 1 });
      return makeNumber(variant, false, createChance(`${i}`))!.text;
    });
    expect(texts.filter((text) => !/^[01]\.\d\d$/.test(text))).toEqual([]);
  });
});

describe('makeText', () => {
  it('is as long as the bounds say at the first try, with and without a format (property)', () => {
    const format = fc.constantFrom(null, 'email', 'uri', 'date-time', 'nothing-known');
    fc.assert(
      fc.property(fc.nat(40), fc.nat(40), format, fc.string(), fc.string(), (a, b, form, name, seed) => {
        const length = { minLength: Math.min(a, b), maxLength: Math.max(a, b) };
        const schema = { ...length, ...(form === null ? {} : { format: form }) };
        const text = makeText(variantOf(schema), name, createChance(seed));
        if (text === undefined) expect(['email', 'uri', 'date-time']).toContain(form);
        else expect(checkValue(fromPlain(schema), text)).toEqual([]);
      }),
    );
  });
});
