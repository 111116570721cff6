import { type JSONVisitor, visit } from 'jsonc-parser';
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
  const open: Open[] = [];
  // What may still be found; once it is empty, the rest of a large text need not be read.
  const pending = new Set(wanted);
  const settle = (pointer: string): void => {
    if (!wanted.has(pointer)) return;
    for (const other of pending) if (other.startsWith(`${pointer}/`)) pending.delete(other);
    if (pending.size === 0) throw ALL_FOUND;
  };
  // The first offset counts: an object's key comes before the bracket of its value.
  const note = (pointer: string, offset: number): boolean => {
    if (!wanted.has(pointer)) return false;
    if (!offsets.has(pointer)) offsets.set(pointer, offset);
    pending.delete(pointer);
    if (pending.size === 0) throw ALL_FOUND;
    return true;
  };
  const pointerOfNext = (): string => {
    const frame = open.at(-1);
    if (frame === undefined) return '';
    return 'below' in frame ? frame.below : `${frame.pointer}/${frame.nextIndex++}`;
  };
  // What holds nothing wanted is passed over: a large text has its few places in few of its values.
  const begin = (offset: number, frameAt: (pointer: string) => Open): boolean => {
    const pointer = pointerOfNext();
    open.push(frameAt(pointer));
    return note(pointer, offset);
  };
  const end = (): void => {
    const frame = open.pop();
    if (frame !== undefined) settle(frame.pointer);
  };
  visitUntilFound(source, {
    onObjectBegin: (offset) => begin(offset, (pointer) => ({ pointer, below: '' })),
    onObjectProperty: (key, offset) => {
      const frame = open.at(-1);
      if (frame === undefined || !('below' in frame)) return;
      frame.below = frame.pointer + formatPointer([key]);
      note(frame.below, offset);
    },
    onObjectEnd: end,
    onArrayBegin: (offset) => begin(offset, (pointer) => ({ pointer, nextIndex: 0 })),
    onArrayEnd: end,
    onLiteralValue: (_value, offset) => void note(pointerOfNext(), offset),
  });
  return new Map(
    [...pointers].flatMap((pointer) => {
      const nearest = withParents(pointer).find((candidate) => offsets.has(candidate));
      return nearest === undefined ? [] : [[pointer, placeOf(source, offsets.get(nearest)!)] as const];
    }),
  );
}

/** Thrown to end a walk: `visit` has no other way out. */
const ALL_FOUND = Symbol('all found');

function visitUntilFound(source: string, visitor: JSONVisitor): void {
  try {
    visit(source, visitor);
  } catch (stop) {
    if (stop !== ALL_FOUND) throw stop;
  }
}

/** A bracket that is being walked; in an object `below` is the pointer of the key that was met last. */
type Open = { readonly pointer: string; below: string } | { readonly pointer: string; nextIndex: number };

/** `/a/b` → `/a/b`, `/a`, and the whole document. */
function withParents(pointer: string): readonly string[] {
  const parents = [pointer];
  for (let end = pointer.lastIndexOf('/'); end >= 0; end = pointer.lastIndexOf('/', end - 1)) {
    parents.push(pointer.slice(0, end));
    if (end === 0) break;
  }
  return parents;
}
