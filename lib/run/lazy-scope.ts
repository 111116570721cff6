import type { JsonValue } from '@/lib/json/value';

/**
 * The names that a template may read, as a Map whose values are made when first asked for: an output of 2 MB that no
 * template of the action reads is never parsed.
 */
export class LazyScope extends Map<string, JsonValue> {
  readonly #names: () => Iterable<string>;
  readonly #find: (name: string) => JsonValue | undefined;
  readonly #isIn: (name: string) => boolean;

  constructor(parts: {
    readonly names: () => Iterable<string>;
    readonly isIn: (name: string) => boolean;
    readonly find: (name: string) => JsonValue | undefined;
  }) {
    super();
    this.#names = parts.names;
    this.#isIn = parts.isIn;
    this.#find = parts.find;
  }

  override get size(): number {
    return [...this.#names()].length;
  }
  override has(name: string): boolean {
    return this.#isIn(name);
  }
  override get(name: string): JsonValue | undefined {
    return this.#find(name);
  }
  override *keys(): MapIterator<string> {
    yield* this.#names();
  }
  override *values(): MapIterator<JsonValue> {
    for (const [, value] of this.entries()) yield value;
  }
  override *entries(): MapIterator<[string, JsonValue]> {
    for (const name of this.#names()) {
      const value = this.#find(name);
      if (value !== undefined) yield [name, value];
    }
  }
  override [Symbol.iterator](): MapIterator<[string, JsonValue]> {
    return this.entries();
  }
  override forEach(visit: (value: JsonValue, name: string, map: Map<string, JsonValue>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}
