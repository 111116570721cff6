import { isJsonArray, isJsonObject, type JsonValue, Numeral } from '@/lib/json/value';

/**
 * The value as the checker takes it, telling each look at a list or object: comparing all items of a list with each
 * other is quadratic, and no count of applied schemas would show it.
 */
export function watchValue(value: JsonValue, charge: (looks: number) => void): unknown {
  if (value instanceof Numeral) return value.toNumber();
  if (isJsonArray(value)) {
    const items = value.map((item) => watchValue(item, charge));
    return new Proxy(items, {
      get: (target, key) => {
        charge(1);
        return Reflect.get(target, key);
      },
    });
  }
  if (!isJsonObject(value)) return value;
  const plain: Record<string, unknown> = Object.create(null);
  for (const [key, item] of value) plain[toWellFormed(key)] = watchValue(item, charge);
  return new Proxy(plain, {
    get: (target, key) => {
      charge(1);
      return Reflect.get(target, key);
    },
    ownKeys: (target) => {
      charge(value.size);
      return Reflect.ownKeys(target);
    },
  });
}

/** The checker writes keys into URIs, which cannot hold half a surrogate pair. */
export const toWellFormed = (key: string): string => key.replace(/\p{Cs}/gu, '\uFFFD');
