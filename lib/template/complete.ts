import { type ActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { clipText } from '@/lib/clip-text';
import type { JsonValue } from '@/lib/json/value';
import type { Callable, Parameter } from './callables/callable';
import { FILTERS } from './callables/filters';
import { TESTS } from './callables/jinja-tests';
import { INPUT_NAME } from './compile-expression';
import { type Field, fieldAt, fieldsOf } from './completion-fields';
import { tokenize } from './jinja-parser';
import { DICT_METHODS } from './lookup';
import { isTemplate, TEMPLATE_LENGTH_MAX } from './parse-template';
import { quoteString } from './print-value';
import { isIdentifier } from './read-literal';
import type { Token } from './tokens';
import { findNumber, findText, type Value } from './values';

/** What a template may read, as far as schemas and an earlier run tell it. */
export interface CompletionScope {
  /** JSON Schema of the chain's own inputs; null when there is none. */
  readonly input: JsonValue | null;
  /** The actions upstream, nearest use first if the caller sorts them so. */
  readonly actions: ReadonlyMap<ActionId, ActionShape>;
}

export interface ActionShape {
  /** JSON Schema of the output. */
  readonly schema: JsonValue | null;
  /** An output seen before. */
  readonly sample: JsonValue | null;
}

export interface CompletionOption {
  /** What the list shows and typing is matched with. */
  readonly label: string;
  /** What is written in place of the text from `from` to `to`. */
  readonly apply: string;
  /** Where this option's text begins when that is before the common `from`: a dot that a bracket replaces. */
  readonly from?: number;
  /** Type and sample of a value, what a filter or test does; may be empty. */
  readonly detail: string;
  readonly kind: 'action' | 'input' | 'field' | 'filter' | 'test';
  /** A sentence more: a field's description, a filter's arguments. */
  readonly info?: string;
}

export interface Completions {
  /** Offsets of the word that an option replaces. */
  readonly from: number;
  readonly to: number;
  /** Not filtered by what is typed already; at most 500. */
  readonly options: readonly CompletionOption[];
}

const OPTIONS_MAX = 500;
/** Fields within fields are offered from the top this deep; below they come after a dot. */
const PATH_LENGTH_MAX = 6;

/**
 * What can stand at an offset of a text, finished or not: at the beginning of an expression `input`, the actions
 * upstream and all their fields; after a dot or `['` the fields of what stands before; after `|` filters; after `is`
 * tests. Empty elsewhere, so also in plain text. Reads the tokens before the offset only, so what follows may be
 * anything.
 */
export function complete(text: string, offset: number, scope: CompletionScope): Completions {
  const nothing: Completions = { from: offset, to: offset, options: [] };
  const before = text.slice(0, offset);
  if (text.length > TEMPLATE_LENGTH_MAX || !isTemplate(before)) return nothing;
  const { tokens, fault, openStringAt } = tokenize(before);
  const inTag = tokensOfOpenTag(tokens);
  if (inTag === undefined) return nothing;
  if (openStringAt !== null) return completeKey(text, offset, inTag, openStringAt, scope);
  if (fault !== null) return nothing;

  const last = inTag.at(-1);
  const isInWord = last !== undefined && last.type === 'name' && last.end === offset;
  const from = isInWord ? last.start : offset;
  const to = endOfWord(text, offset);
  const options = optionsAfter(isInWord ? inTag.slice(0, -1) : inTag, scope);
  return { from, to, options: options.slice(0, OPTIONS_MAX) };
}

/** The tokens of the tag that is open at the end, its opening aside. */
function tokensOfOpenTag(tokens: readonly Token[]): readonly Token[] | undefined {
  const opening = tokens.findLastIndex(({ type }) => type === 'variable_begin' || type === 'block_begin');
  const inTag = tokens.slice(opening + 1);
  if (opening === -1 || inTag.some(({ type }) => type === 'variable_end' || type === 'block_end')) return undefined;
  if (tokens[opening]!.type === 'variable_begin') return inTag;
  // Of the tags only these two take an expression; their word is like any operator before one.
  return inTag[0]?.text === 'if' || inTag[0]?.text === 'elif' ? inTag : undefined;
}

const WORD = /[\p{XID_Continue}]*/uy;

function endOfWord(text: string, offset: number): number {
  WORD.lastIndex = offset;
  return offset + (WORD.exec(text)?.[0].length ?? 0);
}

/** Words after which an expression begins. */
const EXPRESSION_WORDS: ReadonlySet<string> = new Set(['and', 'or', 'not', 'in', 'if', 'else', 'elif']);

function optionsAfter(before: readonly Token[], scope: CompletionScope): readonly CompletionOption[] {
  const last = before.at(-1);
  if (last === undefined) return rootOptions(scope);
  const previous = before.at(-2);
  if (last.type === 'name') {
    const isNegation = last.text === 'not' && previous?.type === 'name' && previous.text === 'is';
    if (last.text === 'is' || isNegation) return callableOptions('test', TESTS);
    return EXPRESSION_WORDS.has(last.text) ? rootOptions(scope) : [];
  }
  if (last.type !== 'operator') return [];
  switch (last.text) {
    case '.':
      return findFields(before.slice(0, -1), scope).map((field) => optionAfterDot(field, last.start));
    case '|':
      return callableOptions('filter', FILTERS);
    case ')':
    case ']':
    case '}':
      return [];
    case '[':
      return [...findFields(before.slice(0, -1), scope).map(quotedOption), ...rootOptions(scope)];
    default:
      return rootOptions(scope);
  }
}

function rootsOf(scope: CompletionScope): readonly (Field & { readonly kind: 'action' | 'input' })[] {
  const input = {
    name: INPUT_NAME,
    kind: 'input',
    type: '',
    description: '',
    schema: scope.input,
    sample: null,
  } as const;
  const actions = [...scope.actions]
    .filter(([id]) => isNameableInTemplate(id))
    .map(([id, shape]) => ({ name: id, kind: 'action', type: '', description: '', ...shape }) as const);
  return [...actions, input];
}

/** Actions, `input`, and the fields of both by their whole path; the shallow ones first. */
function rootOptions(scope: CompletionScope): readonly CompletionOption[] {
  const options: CompletionOption[] = [];
  let level = rootsOf(scope).map((root) => ({
    path: root.name,
    field: root as Field,
    kind: root.kind as CompletionOption['kind'],
  }));
  for (let length = 1; length <= PATH_LENGTH_MAX && level.length > 0; length++) {
    for (const { path, field, kind } of level) options.push(describeField(field, { label: path, apply: path, kind }));
    if (options.length >= OPTIONS_MAX) break;
    level = level.flatMap(({ path, field }) =>
      fieldsOf(field).map((inner) => ({ path: path + accessTo(inner.name), field: inner, kind: 'field' as const })),
    );
  }
  return options;
}

/** Fields that a dot would not reach: a dict's method of that name comes first, or it is no name at all. */
const needsBrackets = (name: string): boolean => DICT_METHODS.has(name) || !isIdentifier(name);

const accessTo = (name: string): string => (needsBrackets(name) ? `[${quoteString(name)}]` : `.${name}`);

function describeField(
  field: Field,
  option: Pick<CompletionOption, 'label' | 'apply' | 'kind'> & { readonly from?: number },
): CompletionOption {
  const detail = [field.type, printSample(field.sample)].filter((part) => part !== '').join(' · ');
  return { ...option, detail, ...(field.description === '' ? {} : { info: field.description }) };
}

const optionAfterDot = (field: Field, dotAt: number): CompletionOption =>
  needsBrackets(field.name)
    ? describeField(field, { label: field.name, apply: accessTo(field.name), kind: 'field', from: dotAt })
    : describeField(field, { label: field.name, apply: field.name, kind: 'field' });

const quotedOption = (field: Field): CompletionOption => {
  const quoted = quoteString(field.name);
  return describeField(field, { label: quoted, apply: quoted, kind: 'field' });
};

const SAMPLE_LENGTH_MAX = 40;

/** A short look at a value; of lists and dicts only how many items they have. */
function printSample(sample: JsonValue | null): string {
  if (sample === null) return '';
  if (Array.isArray(sample)) return sample.length === 1 ? '1 item' : `${sample.length} items`;
  if (sample instanceof Map) return '';
  // Cut before it is quoted, because it can be megabytes; and after, because escapes make it longer.
  const text =
    typeof sample === 'string'
      ? JSON.stringify(sample.slice(0, SAMPLE_LENGTH_MAX).replace(/[\uD800-\uDBFF]$/, ''))
      : printScalar(sample as Value);
  return clipText(text, SAMPLE_LENGTH_MAX);
}

const printScalar = (value: Value): string => findText(value) ?? String(findNumber(value) ?? value);

/** The fields of the path that ends a list of tokens; none when there is no path or nothing is known of it. */
function findFields(tokens: readonly Token[], scope: CompletionScope): readonly Field[] {
  const path = readPathBackwards(tokens);
  if (path === undefined) return [];
  const [name, ...rest] = path;
  let field: Field | undefined = rootsOf(scope).find((root) => root.name === name);
  for (const segment of rest) {
    if (field === undefined) return [];
    field = fieldAt(field, segment);
  }
  return field === undefined ? [] : fieldsOf(field);
}

/** `a.b['c'][0]` as `['a', 'b', 'c', 0]`. */
function readPathBackwards(tokens: readonly Token[]): readonly [string, ...(string | number)[]] | undefined {
  const rest: (string | number)[] = [];
  for (let i = tokens.length - 1; i >= 0; i--) {
    const token = tokens[i]!;
    const isAfterDot = isOperator(tokens[i - 1], '.');
    if (isOperator(token, ']')) {
      const key = tokens[i - 1];
      if (!isOperator(tokens[i - 2], '[')) return undefined;
      if (key?.type === 'string') rest.unshift(key.text);
      else if (key?.type === 'integer') rest.unshift(Number(key.text));
      else return undefined;
      i -= 2;
    } else if (token.type === 'integer' && isAfterDot) {
      rest.unshift(Number(token.text));
      i--;
    } else if (token.type === 'name' && isAfterDot) {
      rest.unshift(token.text);
      i--;
    } else return token.type === 'name' && !EXPRESSION_WORDS.has(token.text) ? [token.text, ...rest] : undefined;
  }
  return undefined;
}

const isOperator = (token: Token | undefined, text: string): boolean =>
  token?.type === 'operator' && token.text === text;

/** Inside a string that is not closed: after `['` the fields of what stands before. */
function completeKey(
  text: string,
  offset: number,
  inTag: readonly Token[],
  openStringAt: number,
  scope: CompletionScope,
): Completions {
  const from = openStringAt + 1;
  const quote = text[openStringAt]!;
  const to = endOfWord(text, offset);
  if (!isOperator(inTag.at(-1), '[')) return { from: offset, to: offset, options: [] };
  const closing = text[to] !== quote ? `${quote}]` : text[to + 1] === ']' ? '' : `${quote}]`;
  const end = text[to] === quote && closing !== '' ? to + 1 : to;
  const options = findFields(inTag.slice(0, -1), scope).map((field) =>
    describeField(field, { label: field.name, apply: escapeIn(field.name, quote) + closing, kind: 'field' }),
  );
  return { from, to: end, options: options.slice(0, OPTIONS_MAX) };
}

/** A name inside quotes that stand already. */
const escapeIn = (name: string, quote: string): string => {
  const inner = quoteString(name).slice(1, -1).replaceAll(`\\${quote}`, quote);
  return inner.replaceAll(quote, `\\${quote}`);
};

function callableOptions(
  kind: 'filter' | 'test',
  table: ReadonlyMap<string, Callable<unknown>>,
): readonly CompletionOption[] {
  return [...table]
    .filter(([name]) => isIdentifier(name))
    .map(([name, { help, parameters }]) => {
      const isOpen = parameters === 'any' || parameters.some(({ fallback }) => fallback === undefined);
      const signature = parameters === 'any' ? '…' : parameters.map(printParameter).join(', ');
      const info = signature === '' ? {} : { info: `${name}(${signature})` };
      return { label: name, apply: isOpen ? `${name}(` : name, detail: help, kind, ...info };
    });
}

function printParameter({ name, fallback }: Parameter): string {
  if (fallback === undefined) return name;
  if (fallback === null) return `${name}=none`;
  return `${name}=${typeof fallback === 'string' ? quoteString(fallback) : printScalar(fallback)}`;
}
