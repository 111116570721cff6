import type { OutputUnit } from '@cfworker/json-schema';
import { clipText } from '@/lib/clip-text';
import { formatPointer, parsePointer } from '@/lib/json/pointer';

/** One place where a value does not satisfy its schema. */
export interface Violation {
  /** JSON pointer into the value. */
  readonly path: string;
  /** A sentence for a person, naming the last key of the path. */
  readonly message: string;
}

const VIOLATIONS_MAX = 100;

/** Keywords whose own error only says that something below is wrong. */
const WRAPPERS: ReadonlySet<string> = new Set([
  '$ref',
  'properties',
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'prefixItems',
  'allOf',
  'if',
  'dependentSchemas',
]);
/** Wrappers whose own error stands right before that of a schema which allows no further key. */
const REFUSERS: ReadonlySet<string> = new Set(['additionalProperties', 'unevaluatedProperties']);
/** Keywords whose alternatives each say why they do not fit: the summary is what a person wants. */
const SUMMARIES: ReadonlyMap<string, string> = new Map([
  ['anyOf', 'fits none of the allowed forms'],
  ['oneOf', 'must fit exactly one of the allowed forms'],
  ['not', 'has a form that is not allowed'],
  ['contains', 'holds no item of the needed form'],
  ['propertyNames', 'has a key that is not allowed'],
]);

/**
 * The checker's errors in words of our own; those that only repeat others are left out.
 *
 * @param scope `present` leaves out what is missing and what nobody named.
 */
export function describeErrors(errors: readonly OutputUnit[], scope: 'whole' | 'present'): readonly Violation[] {
  const violations = new Map<string, Violation>();
  const summarised: string[] = [];
  let previous = '';
  for (const error of errors) {
    if (violations.size >= VIOLATIONS_MAX) break;
    const isUnnamed = error.keyword === 'false' && REFUSERS.has(previous);
    previous = error.keyword;
    if (WRAPPERS.has(error.keyword)) continue;
    if (scope === 'present' && (isUnnamed || error.keyword === 'required')) continue;
    if (summarised.some((location) => error.keywordLocation.startsWith(`${location}/`))) continue;
    if (SUMMARIES.has(error.keyword)) summarised.push(error.keywordLocation);
    const violation = describeError(error);
    violations.set(JSON.stringify([violation.path, violation.message]), violation);
  }
  return [...violations.values()];
}

function describeError({ keyword, instanceLocation, error }: OutputUnit): Violation {
  const path = parsePointer(decodeURI(instanceLocation.slice(1)).replaceAll('%23', '#')) ?? [];
  const missing = keyword === 'required' ? /required property "([\s\S]*)"\.$/.exec(error)?.[1] : undefined;
  if (missing !== undefined)
    return { path: formatPointer([...path, missing]), message: shorten(`${missing} is missing.`) };
  const name = path.at(-1) ?? 'The value';
  return { path: formatPointer(path), message: shorten(`${name} ${describeFault(keyword, error)}.`) };
}

function describeFault(keyword: string, error: string): string {
  const summary = SUMMARIES.get(keyword);
  if (summary !== undefined) return summary;
  if (keyword === 'false') return 'is not expected here';
  const type = /^Instance type "(\w+)" is invalid\. Expected "(.*)"\.$/.exec(error);
  if (type !== null) return `is of type ${type[1]}; expected ${type[2]!.replaceAll('", "', ' or ')}`;
  const allowed = /^Instance does not match (?:any of \[(.*)\]|(.*))\.$/s.exec(error);
  if (allowed !== null)
    return `must be ${allowed[1] === undefined ? allowed[2] : `one of ${allowed[1].replaceAll(',', ', ')}`}`;
  // The checker says "5 is less than 5" of what must be greater than 5.
  const limit = EXCLUSIVE.get(keyword);
  const compared = limit === undefined ? null : /^(\S+) is .* (\S+)\.$/.exec(error);
  if (compared !== null) return `is not allowed: ${compared[1]} is not ${limit} than ${compared[2]}`;
  const text = error.replace(/\.$/, '').replace(/^Instance /, '');
  return /^(?:String|Array) is /.test(text) ? text.replace(/^\w+ /, '') : `is not allowed: ${text}`;
}

const EXCLUSIVE: ReadonlyMap<string, string> = new Map([
  ['exclusiveMinimum', 'greater'],
  ['exclusiveMaximum', 'less'],
]);

const MESSAGE_LENGTH_MAX = 500;
const shorten = (text: string): string => clipText(text, MESSAGE_LENGTH_MAX);
