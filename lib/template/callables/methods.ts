import { isEqual } from '../operators';
import { printValue } from '../print-value';
import { capitalize, splitLines, splitWords, strip, stripEnd, stripStart } from '../python-text';
import { indexOfText, replaceCharged, splitAt } from '../search-text';
import { TemplateFault } from '../template-fault';
import {
  characterCountOf,
  charactersOf,
  findEntries,
  findIndex,
  findItems,
  findKey,
  findText,
  iterate,
  Lazy,
  List,
  type Method,
  Tuple,
  typeNameOf,
  type Value,
} from '../values';
import { type CallArguments, type CallContext, orderArguments, type Parameter } from './callable';

interface MethodSpec<Owner> {
  readonly parameters: readonly Parameter[];
  readonly apply: (owner: Owner, args: readonly Value[], context: CallContext) => Value;
}

const REQUIRED = (name: string): Parameter => ({ name });
const OPTIONAL = (name: string, fallback: Value = null): Parameter => ({ name, fallback });

function textOf(method: string, value: Value): string {
  const text = findText(value);
  if (text === undefined) throw new TemplateFault(`.${method} takes text, not ${typeNameOf(value)}.`);
  return text;
}

const plain = (change: (text: string) => string): MethodSpec<string> => ({
  parameters: [],
  apply: (text, _args, { budget }) => {
    budget.allocate(text.length);
    return change(text);
  },
});

const asking = (holds: (text: string) => boolean): MethodSpec<string> => ({
  parameters: [],
  apply: (text, _args, { budget }) => {
    budget.scan(text.length);
    return holds(text);
  },
});

/** `startswith` and `endswith` take one text or a tuple of them. */
const affix = (method: string, holds: (text: string, part: string) => boolean): MethodSpec<string> => ({
  parameters: [REQUIRED('prefix')],
  apply: (text, [part], { budget }) => {
    const parts = part instanceof Tuple ? part.items : [part!];
    return parts.some((one) => {
      const affixText = textOf(method, one);
      budget.step();
      budget.scan(affixText.length);
      return holds(text, affixText);
    });
  },
});

const stripping = (method: string, fromStart: boolean, fromEnd: boolean): MethodSpec<string> => ({
  parameters: [OPTIONAL('chars')],
  apply: (text, [chars], { budget }) => {
    budget.allocate(text.length);
    if (chars === null) return fromStart ? (fromEnd ? strip(text) : stripStart(text)) : stripEnd(text);
    const set = new Set(charactersOf(textOf(method, chars!), budget));
    const characters = charactersOf(text, budget);
    let start = 0;
    let end = characters.length;
    while (fromStart && start < end && set.has(characters[start]!)) start++;
    while (fromEnd && end > start && set.has(characters[end - 1]!)) end--;
    return characters.slice(start, end).join('');
  },
});

const STRING_METHODS: ReadonlyMap<string, MethodSpec<string>> = new Map<string, MethodSpec<string>>([
  ['upper', plain((text) => text.toUpperCase())],
  ['lower', plain((text) => text.toLowerCase())],
  ['capitalize', plain(capitalize)],
  ['strip', stripping('strip', true, true)],
  ['lstrip', stripping('lstrip', true, false)],
  ['rstrip', stripping('rstrip', false, true)],
  ['startswith', affix('startswith', (text, part) => text.startsWith(part))],
  ['endswith', affix('endswith', (text, part) => text.endsWith(part))],
  ['isdigit', asking((text) => /^\p{Nd}+$/u.test(text))],
  ['isalpha', asking((text) => /^\p{L}+$/u.test(text))],
  ['isspace', asking((text) => text !== '' && strip(text) === '')],
  [
    'split',
    {
      parameters: [OPTIONAL('sep'), OPTIONAL('maxsplit', -1n)],
      apply: (text, [separator, maximum], { budget }) => {
        budget.allocate(text.length);
        if (findIndex(maximum!) !== -1) throw new TemplateFault('.split takes no maximum here.');
        if (separator === null) return new List(splitWords(text));
        const between = textOf('split', separator!);
        if (between === '') throw new TemplateFault('.split takes a separator that is not empty.');
        return new List(splitAt(text, between));
      },
    },
  ],
  [
    'splitlines',
    {
      parameters: [],
      apply: (text, _args, { budget }) => {
        budget.allocate(text.length);
        return new List(splitLines(text));
      },
    },
  ],
  [
    'join',
    {
      parameters: [REQUIRED('iterable')],
      apply: (text, [items], { budget }) => {
        const parts = Array.from(iterate(items!, budget), (item) => textOf('join', item));
        budget.allocate(parts.reduce((sum, part) => sum + part.length + text.length, 0));
        return parts.join(text);
      },
    },
  ],
  [
    'replace',
    {
      parameters: [REQUIRED('old'), REQUIRED('new'), OPTIONAL('count', -1n)],
      apply: (text, [old, fresh, count], { budget }) => {
        const limit = findIndex(count!);
        if (limit === undefined) throw new TemplateFault(`.replace takes a whole number, not ${typeNameOf(count!)}.`);
        return replaceCharged(text, textOf('replace', old!), textOf('replace', fresh!), limit, budget);
      },
    },
  ],
  [
    'find',
    {
      parameters: [REQUIRED('sub')],
      apply: (text, [part], { budget }) => {
        budget.scan(text.length);
        const at = indexOfText(text, textOf('find', part!));
        return BigInt(at === -1 ? -1 : characterCountOf(text.slice(0, at), budget));
      },
    },
  ],
  [
    'count',
    {
      parameters: [REQUIRED('sub')],
      apply: (text, [part], { budget }) => {
        budget.allocate(text.length);
        const found = textOf('count', part!);
        return BigInt(found === '' ? characterCountOf(text, budget) + 1 : splitAt(text, found).length - 1);
      },
    },
  ],
]);

const DICT_METHODS: ReadonlyMap<string, MethodSpec<NonNullable<ReturnType<typeof findEntries>>>> = new Map<
  string,
  MethodSpec<NonNullable<ReturnType<typeof findEntries>>>
>([
  [
    'get',
    {
      parameters: [REQUIRED('key'), OPTIONAL('default')],
      apply: (entries, [key, fallback]) => {
        const found = findKey(entries, key!);
        return found === undefined ? fallback! : entries.get(found)!;
      },
    },
  ],
  ['keys', { parameters: [], apply: (entries) => new Lazy('dict_keys', () => entries.keys(), entries.size) }],
  ['values', { parameters: [], apply: (entries) => new Lazy('dict_values', () => entries.values(), entries.size) }],
  [
    'items',
    {
      parameters: [],
      apply: (entries) =>
        new Lazy(
          'dict_items',
          function* () {
            for (const pair of entries) yield new Tuple(pair);
          },
          entries.size,
        ),
    },
  ],
]);

const LIST_METHODS: ReadonlyMap<string, MethodSpec<readonly Value[]>> = new Map<string, MethodSpec<readonly Value[]>>([
  [
    'count',
    {
      parameters: [REQUIRED('value')],
      apply: (items, [value], { budget }) => BigInt(items.filter((item) => isEqual(item, value!, budget)).length),
    },
  ],
  [
    'index',
    {
      parameters: [REQUIRED('value')],
      apply: (items, [value], { budget }) => {
        const at = items.findIndex((item) => isEqual(item, value!, budget));
        if (at === -1) throw new TemplateFault(`${printValue(value!, budget).slice(0, 80)} is not in the list.`);
        return BigInt(at);
      },
    },
  ],
]);

function run<Owner>(
  spec: MethodSpec<Owner> | undefined,
  owner: Owner,
  method: Method,
  args: CallArguments,
  context: CallContext,
): Value {
  if (spec === undefined) {
    throw new TemplateFault(`The method .${method.name}() of ${typeNameOf(method.owner)} is not available here.`);
  }
  // Python's built-in methods take their arguments by position alone.
  const ordered = orderArguments(`.${method.name}()`, spec.parameters, args.positional, args.keywords);
  if ('complaint' in ordered) throw new TemplateFault(ordered.complaint);
  const values = spec.parameters.map(({ fallback }, index) => ordered.ordered[index] ?? fallback ?? null);
  return spec.apply(owner, values, context);
}

/** Calls one of the methods that change nothing; all others are refused by name. */
export function callMethod(method: Method, args: CallArguments, context: CallContext): Value {
  context.budget.step();
  const { owner, name } = method;
  const text = findText(owner);
  if (text !== undefined) return run(STRING_METHODS.get(name), text, method, args, context);
  const entries = findEntries(owner);
  if (entries !== undefined) return run(DICT_METHODS.get(name), entries, method, args, context);
  return run(LIST_METHODS.get(name), findItems(owner) ?? [], method, args, context);
}
