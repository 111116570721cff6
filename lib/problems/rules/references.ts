import type { Action } from '@/lib/chain/chain';
import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { clipText } from '@/lib/clip-text';
import { maskCredentials } from '@/lib/credential-formats';
import { faultsOf, referencesOf } from '@/lib/edit/action-references';
import type { Edit } from '@/lib/edit/edit';
import type { ChainGraph } from '@/lib/graph/chain-graph';
import { printPath } from '@/lib/graph/print-path';
import { findClosingPath, isAncestor } from '@/lib/graph/reach';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { findNearestName } from '@/lib/nearest-name';
import { propertiesOf, schemaAtPath } from '@/lib/schema/json-schema';
import { parseTemplate } from '@/lib/template/parse-template';
import type { Reference } from '@/lib/template/references';
import {
  type Draft,
  definitionOf,
  didYouMean,
  forEachAction,
  printField,
  printName,
  type Rule,
  type Subject,
} from '../draft';
import type { ProblemFix, TemplateRange } from '../problem';

/** Templates that cannot be read, and reads that lead nowhere. */
export const findReferenceProblems: Rule = forEachAction((subject, id, action) => {
  const drafts = [...templateProblems(id, action)];
  for (const { path, text, references } of referencesOf(action)) {
    for (const reference of references) {
      const found = checkReference({ subject, id, path, text, reference });
      if (found !== undefined) drafts.push(found);
    }
  }
  return drafts;
});

const draftsByAction = new WeakMap<Action, readonly Omit<Draft, 'action'>[]>();

/** What an action's own templates say, whoever it is and whatever stands around it: read once per action object. */
function templateProblems(id: ActionId, action: Action): readonly Draft[] {
  let drafts = draftsByAction.get(action);
  if (drafts === undefined) {
    drafts = readTemplates(action);
    draftsByAction.set(action, drafts);
  }
  return drafts.map((draft) => ({
    ...draft,
    action: id,
    at: ['actions', id, ...draft.at],
    message: `${id}, ${printField(draft.at)}: ${draft.message}`,
  }));
}

/** UTF-16 units of what the parser says, which repeats names of the text. */
const MESSAGE_LENGTH_MAX = 400;

/** Places below the action, messages without its name. */
function readTemplates(action: Action): readonly Omit<Draft, 'action'>[] {
  const drafts = faultsOf(action).map(({ path, fault }): Omit<Draft, 'action'> => {
    const { code, message, line, column, length } = fault;
    const words = clipText(maskCredentials(message), MESSAGE_LENGTH_MAX);
    return { code, at: path, message: words, range: { line, column, length } };
  });
  const when = action.when === undefined ? undefined : parseTemplate(action.when);
  if (when?.ok !== true || when.value.single !== null) return drafts;
  const message = 'a condition is exactly one {{ expression }}, and nothing beside it.';
  return [{ code: 'when_not_expression', at: ['when'], message }, ...drafts];
}

interface Read {
  readonly subject: Subject;
  readonly id: ActionId;
  /** Of the field, below the action. */
  readonly path: JsonPath;
  readonly text: string;
  readonly reference: Reference;
}

function checkReference(read: Read): Draft | undefined {
  const { subject, id, reference } = read;
  const [name] = reference.path;
  if (name === undefined) return undefined;
  if (name === 'input') return checkFields(read, 'the inputs of this chain', subject.chain.inputs ?? null);
  const source = name as ActionId;
  const action = subject.chain.actions.get(source);
  if (action === undefined) return unknownName(read, name);
  if (!isAncestor(subject.graph, source, id)) return notUpstream(read, source);
  const schema = definitionOf(subject.known, action)?.outputSchema ?? null;
  return checkFields(read, `the output of ${source}`, schema);
}

const place = ({ id, path }: Read) => ({ action: id, at: ['actions', id, ...path] });

/** Of one segment of the path read; its name where there is no place. */
function rangeOf({ reference }: Read, segment: number): { readonly range?: TemplateRange } {
  const span = reference.segments[segment];
  if (span === undefined) return {};
  return { range: { line: span.line, column: span.column, length: span.end - span.start } };
}

function unknownName(read: Read, name: string): Draft {
  const { subject, id, path } = read;
  const { graph, findNearest } = subject;
  const readable = readableIdsOf(graph);
  const near = findNearest(name, readable.length, () => [
    'input',
    ...readable.filter((other) => isAncestor(graph, other, id)),
  ]);
  const field = inputFieldNamed(subject, name);
  const advice =
    near === undefined && field === undefined
      ? didYouMean(findNearest(name, readable.length, () => readable))
      : didYouMean(near ?? printName(`input.${field}`));
  return {
    code: 'reference_unknown',
    ...place(read),
    ...rangeOf(read, 0),
    message: `${id}, ${printField(path)}: nothing is called ${printName(name)} here.${advice}`,
    ...respell(read, 0, name, near ?? (field === undefined ? undefined : `input.${field}`)),
  };
}

/** `{{ account_id }}` where the chain has such an input. */
function inputFieldNamed({ chain }: Subject, name: string): string | undefined {
  if (chain.inputs === undefined) return undefined;
  return propertiesOf(chain.inputs).find((property) => property.name === name)?.name;
}

const readableByGraph = new WeakMap<ChainGraph, readonly ActionId[]>();

function readableIdsOf(graph: ChainGraph): readonly ActionId[] {
  const known = readableByGraph.get(graph) ?? graph.actionIds.filter(isNameableInTemplate);
  readableByGraph.set(graph, known);
  return known;
}

function notUpstream(read: Read, source: ActionId): Draft {
  const { subject, id, path } = read;
  const words = `${id}, ${printField(path)}`;
  const base = { code: 'reference_not_upstream' as const, ...place(read), ...rangeOf(read, 0), related: [source] };
  if (source === id) return { ...base, message: `${words}: ${id} cannot read its own output.` };
  const closing = findClosingPath(subject.graph, source, id);
  if (closing !== undefined) {
    const message = `${words}: ${source} runs after ${id} (${printPath(closing)}), so its output cannot be read here.`;
    return { ...base, message };
  }
  return {
    ...base,
    message: `${words}: ${id} reads ${source}, but does not wait for it.`,
    fix: { label: `Make ${id} depend on ${source}`, edit: { type: 'connect', from: source, to: id }, isSafe: true },
  };
}

/** The first field on the path that the schema does not know, if it knows enough to tell. */
function checkFields(read: Read, owner: string, schema: JsonValue | null): Draft | undefined {
  const { id, path, reference } = read;
  const unknown = schema === null ? null : findUnknownField(schema, reference);
  if (unknown === null) return undefined;
  const fields = reference.path.slice(1);
  const { index, names } = unknown;
  const field = fields[index]!;
  const nearest = findNearestName(field, names);
  // A guard says that the field may be absent. Then only a likely slip of the pen is worth a word.
  if (reference.isGuarded && nearest === undefined) return undefined;
  const below = index === 0 ? owner : `${printField(fields.slice(0, index))} of ${owner}`;
  const advice = nearest === undefined ? ` It has ${listNames(names)}.` : didYouMean(nearest);
  return {
    code: 'reference_field_unknown',
    ...place(read),
    ...rangeOf(read, index + 1),
    message: `${id}, ${printField(path)}: ${printName(field)} is not in ${below}.${advice}`,
    ...respell(read, index + 1, field, nearest),
  };
}

interface UnknownField {
  /** Into the path below the schema. */
  readonly index: number;
  /** What stands there instead. */
  readonly names: readonly string[];
}

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
  if (index === -1) return null;
  const parent = schemaAtPath(schema, fields.slice(0, index));
  const names = parent === undefined ? [] : propertiesOf(parent.schema).map((property) => property.name);
  // Below a text, number or list stand methods, not fields.
  return names.length === 0 ? null : { index, names };
}

const NAMES_SHOWN_MAX = 5;
function listNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN_MAX).map(printName).join(', ');
  return names.length > NAMES_SHOWN_MAX ? `${shown} and ${names.length - NAMES_SHOWN_MAX} more` : shown;
}

/** The fix that writes the near name in place of the wrong one, where both are plain names in the template. */
function respell(
  { id, path, text, reference }: Read,
  segment: number,
  wrong: string,
  right: string | undefined,
): { readonly fix?: ProblemFix } {
  const span = reference.segments[segment];
  if (right === undefined || span === undefined || text.slice(span.start, span.end) !== wrong) return {};
  if (!right.split('.').every((name) => /^[\p{XID_Start}_][\p{XID_Continue}]*$/u.test(name))) return {};
  const value = text.slice(0, span.start) + right + text.slice(span.end);
  const edit: Edit =
    path[0] === 'when'
      ? { type: 'patch-action', id, patch: { when: value } }
      : { type: 'set-input', id, path: path.slice(1), value };
  return { fix: { label: `Write ${printName(right)}`, edit, isSafe: false } };
}
