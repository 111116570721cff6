import type { JsonPath } from '@/lib/json/pointer';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { listNames } from '@/lib/list-names';
import { findNearestName } from '@/lib/nearest-name';
import { allowsType, describeType, propertiesOf, schemaAtPath } from '@/lib/schema/json-schema';
import { hasMethod } from '@/lib/template/lookup';
import type { Reference } from '@/lib/template/references';
import { type Draft, didYouMean, printField, printName } from '../draft';
import type { ProblemFix } from '../problem';
import { placeOf, type Read, rangeOf, rewrite } from './read';

/** The first field on the path that the schema does not know, if it knows enough to tell; one at most. */
export function checkFields(read: Read, owner: string, schema: JsonValue | null): readonly Draft[] {
  const unknown = schema === null ? null : findUnknownField(schema, read.reference);
  if (unknown === null) return [];
  const found = unknown.names === null ? fieldOfNone(read, owner, unknown) : fieldNotThere(read, owner, unknown);
  return found === undefined ? [] : [found];
}

/** The object has other fields. */
function fieldNotThere(
  read: Read,
  owner: string,
  { index, names }: Extract<UnknownField, { readonly names: readonly string[] }>,
): Draft | undefined {
  const { id, path, reference } = read;
  const field = reference.path[index + 1]!;
  const nearest = findNearestName(field, names);
  // A guard says that the field may be absent. Then only a likely slip of the pen is worth a word.
  if (reference.isGuarded && nearest === undefined) return undefined;
  const advice =
    nearest === undefined ? ` It has ${listNames(names, NAMES_SHOWN_MAX, printName)}.` : didYouMean(nearest);
  const missing = printField([stepAt(read, index + 1)]);
  return {
    code: 'reference_field_unknown',
    ...placeOf(read),
    ...rangeOf(read, index + 1),
    message: `${id}, ${printField(path)}: ${missing} is not in ${printOwner(read, owner, index)}.${advice}`,
    ...respell(read, index + 1, field, nearest),
  };
}

/** A list has items, not fields, and a text or number neither. */
function fieldOfNone(
  read: Read,
  owner: string,
  { index, type, isOfItems }: Extract<UnknownField, { readonly names: null }>,
): Draft | undefined {
  const { id, path, text, reference } = read;
  if (reference.isGuarded && !isOfItems) return undefined;
  const field = printName(reference.path[index + 1]!);
  const steps = reference.path.slice(0, index + 1).map((_, segment) => stepAt(read, segment));
  const advice = isOfItems ? didYouMean(printField([...steps, 0, field])) : '';
  const at = isOfItems ? endOfSegment(read, index) : undefined;
  const fix: ProblemFix | undefined =
    at === undefined
      ? undefined
      : {
          label: 'Read the first item',
          edit: rewrite(read, `${text.slice(0, at)}[0]${text.slice(at)}`),
          isSafe: false,
        };
  return {
    code: 'reference_field_unknown',
    ...placeOf(read),
    ...rangeOf(read, index + 1),
    message: `${id}, ${printField(path)}: ${printOwner(read, owner, index)} is of type ${type}, so it has no field ${field}.${advice}`,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** Where a segment ends, its closing bracket included; undefined where the next one does not follow at once. */
function endOfSegment({ text, reference }: Read, segment: number): number | undefined {
  const [span, next] = [reference.segments[segment], reference.segments[segment + 1]];
  if (span === undefined || next === undefined) return undefined;
  const between = /^(\s*\])?\s*[.[]\s*$/.exec(text.slice(span.end, next.start));
  return between === null ? undefined : span.end + (between[1]?.length ?? 0);
}

/** A segment as a person reads it: an index as a number. In quotes, digits are a name. */
function stepAt({ text, reference }: Read, segment: number): string | number {
  const name = reference.path[segment]!;
  const span = reference.segments[segment];
  const isQuoted = span !== undefined && /^['"]/.test(text.slice(span.start, span.start + 1));
  return /^-?\d+$/.test(name) && !isQuoted ? Number(name) : name;
}

/** `the output of a`, or a field of it. */
function printOwner(read: Read, owner: string, index: number): string {
  const steps: JsonPath = read.reference.path.slice(1, index + 1).map((_, i) => stepAt(read, i + 1));
  return index === 0 ? owner : `${printField(steps)} of ${owner}`;
}

type UnknownField =
  /** `index` into the path below the schema; `names` of what stands there instead. */
  | { readonly index: number; readonly names: readonly string[] }
  /** What stands before it has no fields at all; `isOfItems`: its items have one of that name. */
  | { readonly index: number; readonly names: null; readonly type: string; readonly isOfItems: boolean };

interface Looked {
  readonly schema: JsonValue;
  readonly found: UnknownField | null;
}

const lookedUp = new WeakMap<Reference, Looked>();

/** Remembered per reference: while a person edits one action, the others read the same fields of the same schemas. */
function findUnknownField(schema: JsonValue, reference: Reference): UnknownField | null {
  if (reference.path.length < 2 || !isJsonObject(schema)) return null;
  const known = lookedUp.get(reference);
  if (known?.schema === schema) return known.found;
  const found = lookForUnknownField(schema, reference.path.slice(1));
  lookedUp.set(reference, { schema, found });
  return found;
}

function lookForUnknownField(schema: JsonValue, fields: readonly string[]): UnknownField | null {
  const index = fields.findIndex((_, i) => schemaAtPath(schema, fields.slice(0, i + 1)) === undefined);
  const parent = index === -1 ? undefined : schemaAtPath(schema, fields.slice(0, index))?.schema;
  if (parent === undefined || isReachedOtherwise(parent, fields[index]!)) return null;
  const names = propertiesOf(parent).map((property) => property.name);
  if (names.length > 0) return { index, names };
  // An object without fields: nothing better is known of it.
  if (allowsType(parent, 'object')) return null;
  const isOfItems = schemaAtPath(parent, [0, fields[index]!]) !== undefined;
  return { index, names: null, type: describeType(parent), isOfItems };
}

/** Methods of texts and lists, which a template may name without calling them, and characters of texts. */
function isReachedOtherwise(schema: JsonValue, name: string): boolean {
  const mayBeText = allowsType(schema, 'string');
  if (mayBeText && (hasMethod('', name) || /^-?\d+$/.test(name))) return true;
  // An index finds no item where the schema has none; more is not said of it.
  return allowsType(schema, 'array') && (hasMethod([], name) || /^-?\d+$/.test(name));
}

const NAMES_SHOWN_MAX = 5;

/** The fix that writes the near name in place of the wrong one, where both are plain names in the template. */
export function respell(
  read: Read,
  segment: number,
  wrong: string,
  right: string | undefined,
): { readonly fix?: ProblemFix } {
  const { text, reference } = read;
  const span = reference.segments[segment];
  if (right === undefined || span === undefined || text.slice(span.start, span.end) !== wrong) return {};
  if (!right.split('.').every((name) => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(name))) return {};
  const edit = rewrite(read, text.slice(0, span.start) + right + text.slice(span.end));
  return { fix: { label: `Write ${printName(right)}`, edit, isSafe: false } };
}
