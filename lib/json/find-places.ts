import { visit } from 'jsonc-parser';
import { placeOf, withoutByteOrderMark } from './parse-json';
import { formatPointer } from './pointer';

/** A place in text; both count from 1, in UTF-16 units. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/**
 * Where the values at JSON pointers stand in a text that `parseJson` has accepted: at the key, or at the item of a list.
 * A pointer that leads nowhere (a missing key) gives the place of what should have held it.
 */
export function findPlaces(text: string, pointers: ReadonlySet<string>): ReadonlyMap<string, TextPlace> {
  const source = withoutByteOrderMark(text);
  const wanted = new Set([...pointers].flatMap(withParents));
  const offsets = new Map<string, number>();
  const note = (offset: number, pathSupplier: () => (string | number)[], key?: string): void => {
    const path = pathSupplier();
    const pointer = formatPointer(key === undefined ? path : [...path, key]);
    // The first one counts: an object's key comes before the bracket of its value.
    if (wanted.has(pointer) && !offsets.has(pointer)) offsets.set(pointer, offset);
  };
  visit(source, {
    onObjectProperty: (key, offset, _length, _line, _column, path) => note(offset, path, key),
    onObjectBegin: (offset, _length, _line, _column, path) => note(offset, path),
    onArrayBegin: (offset, _length, _line, _column, path) => note(offset, path),
    onLiteralValue: (_value, offset, _length, _line, _column, path) => note(offset, path),
  });
  return new Map(
    [...pointers].flatMap((pointer) => {
      const nearest = withParents(pointer).find((candidate) => offsets.has(candidate));
      return nearest === undefined ? [] : [[pointer, placeOf(source, offsets.get(nearest)!)] as const];
    }),
  );
}

/** `/a/b` → `/a/b`, `/a`, and the whole document. */
function withParents(pointer: string): readonly string[] {
  const parents = [pointer];
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    parents.push(pointer.slice(0, end));
    if (end === 0) break;
  }
  return parents;
}
