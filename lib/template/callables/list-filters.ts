import type { Budget } from '../budget';
import { hasMethod } from '../lookup';
import { isEqual, isLess, isTrue } from '../operators';
import { printValue } from '../print-value';
import { TemplateFault } from '../template-fault';
import {
  capitalized,
  charactersOf,
  type DictKey,
  findEntries,
  findIndex,
  findItems,
  findNumber,
  findText,
  iterate,
  Lazy,
  List,
  lengthOf,
  Markup,
  Method,
  Tuple,
  typeNameOf,
  Undefined,
  type Value,
} from '../values';
import { attributeGetter, attributesGetter, CASE_SENSITIVE, foldCase } from './attributes';
import type { CallArguments, CallContext, Filter } from './callable';

const generator = (walk: () => Iterable<Value>): Lazy => new Lazy('generator', walk);

const collect = (value: Value, { budget }: CallContext): Value[] => {
  const items = [...iterate(value, budget)];
  budget.allocate(items.length);
  return items;
};

const LENGTH: Filter = {
  help: 'how many items or characters',
  parameters: [],
  apply: (value, _args, { budget }) => BigInt(lengthOf(value, budget)),
};

function findLast(value: Value, context: CallContext): Value {
  const items = findReversible(value, context.budget);
  return items.length === 0 ? context.makeUndefined('There is no last item, the list is empty.') : items.at(-1)!;
}

function findReversible(value: Value, budget: Budget): readonly Value[] {
  const text = findText(value);
  if (text !== undefined) return charactersOf(text, budget);
  const items = findItems(value) ?? [...(findEntries(value)?.keys() ?? [])];
  if (items.length > 0 || (findItems(value) ?? findEntries(value)) !== undefined) return items;
  if (value instanceof Undefined) {
    value.tolerate();
    return [];
  }
  if (value instanceof Lazy && value.size !== undefined) return [...value.walk()];
  const hint = value instanceof Lazy ? ' Add |list before.' : '';
  throw new TemplateFault(`The end of ${typeNameOf(value)} cannot be found.${hint}`);
}

function sortBy<T>(items: readonly T[], keyOf: (item: T) => Value, isReversed: boolean, { budget }: CallContext): T[] {
  budget.allocate(items.length);
  const keyed = items.map((item) => ({ item, key: keyOf(item) }));
  // Python asks for “less” alone, so this is what decides which types can be sorted.
  const order = (a: Value, b: Value): number => (isLess(a, b, budget) ? -1 : isLess(b, a, budget) ? 1 : 0);
  keyed.sort((a, b) => (isReversed ? order(b.key, a.key) : order(a.key, b.key)));
  return keyed.map(({ item }) => item);
}

/** Text that is equal for equal values, for sets; lists and dicts have none in Python. */
function hashOf(value: Value, budget: Budget): string {
  const text = findText(value);
  if (text !== undefined) {
    budget.allocate(text.length);
    return `s${text}`;
  }
  if (value === null) return 'null';
  const number = findNumber(value);
  if (number !== undefined) return `n${number}`;
  if (value instanceof Tuple) return `t${JSON.stringify(value.items.map((item) => hashOf(item, budget)))}`;
  if (value instanceof Undefined) {
    value.tolerate();
    return 'undefined';
  }
  throw new TemplateFault(`${typeNameOf(value)} cannot be compared by |unique; name a field of it with attribute=.`);
}

function* batch(value: Value, size: Value, filler: Value, context: CallContext): Iterable<Value> {
  const count = findIndex(size);
  if (count === undefined) throw new TemplateFault('|batch takes a whole number.');
  let row: Value[] = [];
  for (const item of iterate(value, context.budget)) {
    if (row.length === count) {
      yield new List(row);
      row = [];
    }
    context.budget.allocate(1);
    row.push(item);
  }
  if (row.length === 0) return;
  if (filler !== null && row.length < count) {
    context.budget.allocate(count - row.length);
    while (row.length < count) row.push(filler);
  }
  yield new List(row);
}

function* sliceIntoColumns(value: Value, slices: Value, filler: Value, context: CallContext): Iterable<Value> {
  const count = findIndex(slices);
  if (count === undefined) throw new TemplateFault('|slice takes a whole number.');
  if (count === 0) throw new TemplateFault('|slice cannot make 0 columns.');
  const items = collect(value, context);
  const each = Math.floor(items.length / count);
  const longer = items.length % count;
  let from = 0;
  for (let column = 0; column < count; column++) {
    const isLonger = column < longer;
    const size = each + (isLonger ? 1 : 0);
    const part = items.slice(from, from + size);
    context.budget.step();
    context.budget.allocate(size + 1);
    from += size;
    yield new List(filler !== null && !isLonger ? [...part, filler] : part);
  }
}

function mapper({ positional, keywords }: CallArguments, context: CallContext): (item: Value) => Value {
  const [name, ...rest] = positional;
  if (name === undefined && keywords.has('attribute')) {
    for (const key of keywords.keys()) {
      if (key !== 'attribute' && key !== 'default') throw new TemplateFault(`|map has no argument ${key}.`);
    }
    return attributeGetter(keywords.get('attribute')!, context, undefined, keywords.get('default') ?? null);
  }
  const filter = name === undefined ? undefined : findText(name);
  if (filter === undefined) throw new TemplateFault('|map takes attribute="field" or the name of a filter.');
  return (item) => context.callFilter(filter, item, { positional: rest, keywords });
}

function selector(
  filter: string,
  { positional, keywords }: CallArguments,
  context: CallContext,
  hasAttribute: boolean,
): (item: Value) => boolean {
  const [first, ...others] = positional;
  if (hasAttribute && first === undefined) throw new TemplateFault(`|${filter} takes the name of a field first.`);
  const subjectOf = hasAttribute ? attributeGetter(first!, context) : (item: Value) => item;
  const [name, ...rest] = hasAttribute ? others : positional;
  if (name === undefined) return (item) => isTrue(subjectOf(item));
  const test = findText(name);
  if (test === undefined) throw new TemplateFault(`|${filter} takes the name of a test.`);
  return (item) => context.callTest(test, subjectOf(item), { positional: rest, keywords });
}

const selecting = (name: string, keeps: boolean, hasAttribute: boolean, help: string): readonly [string, Filter] => [
  name,
  {
    help,
    parameters: 'any',
    applyFreely: (value, args, context) =>
      generator(function* () {
        if (!isTrue(value)) return;
        const passes = selector(name, args, context, hasAttribute);
        for (const item of iterate(value, context.budget)) if (passes(item) === keeps) yield item;
      }),
  },
];

function pairsOf(filter: string, value: Value): readonly (readonly [DictKey, Value])[] {
  if (value instanceof Undefined) throw value.fault;
  const entries = findEntries(value);
  if (entries === undefined) throw new TemplateFault(`|${filter} takes a dict, not ${typeNameOf(value)}.`);
  return [...entries];
}

export const LIST_FILTERS: readonly (readonly [string, Filter])[] = [
  ['length', LENGTH],
  ['count', LENGTH],
  [
    'first',
    {
      help: 'the first item',
      parameters: [],
      apply: (value, _args, context) => {
        for (const item of iterate(value, context.budget)) return item;
        return context.makeUndefined('There is no first item, the list is empty.');
      },
    },
  ],
  ['last', { help: 'the last item', parameters: [], apply: (value, _args, context) => findLast(value, context) }],
  [
    'list',
    {
      help: 'a list of the items',
      parameters: [],
      apply: (value, _args, context) => new List(collect(value, context)),
    },
  ],
  [
    'join',
    {
      help: 'the items as text with the separator between them',
      parameters: [
        { name: 'd', fallback: '' },
        { name: 'attribute', fallback: null },
      ],
      apply: (value, [separator, attribute], context) => {
        const keyOf = attributeGetter(attribute!, context);
        const between = printValue(separator!, context.budget);
        const texts: string[] = [];
        for (const item of iterate(value, context.budget)) {
          const text = printValue(keyOf(item), context.budget);
          context.budget.allocate(text.length + between.length);
          texts.push(text);
        }
        return texts.join(between);
      },
    },
  ],
  [
    'sort',
    {
      help: 'sorted; by a field with attribute=, downwards with reverse=true',
      parameters: [{ name: 'reverse', fallback: false }, ...CASE_SENSITIVE],
      apply: (value, [reverse, caseSensitive, attribute], context) => {
        const keysOf = attributesGetter(attribute!, context, foldCase(caseSensitive!, context));
        const items = collect(value, context);
        return new List(sortBy(items, (item) => new List(keysOf(item)), isTrue(reverse!), context));
      },
    },
  ],
  [
    'reverse',
    {
      help: 'the other way round',
      parameters: [],
      apply: (value, _args, { budget }) => {
        const text = findText(value);
        if (text !== undefined) {
          const reversed = charactersOf(text, budget).toReversed().join('');
          return value instanceof Markup ? new Markup(reversed) : reversed;
        }
        if (value instanceof Lazy && value.size === undefined)
          return new List([...iterate(value, budget)].toReversed());
        if (value !== null && (findItems(value) ?? findEntries(value)) === undefined && !(value instanceof Undefined)) {
          throw new TemplateFault(`|reverse takes text or items, not ${typeNameOf(value)}.`);
        }
        const items = findReversible(value, budget);
        return new Lazy('reversed iterator', () => items.toReversed());
      },
    },
  ],
  [
    'unique',
    {
      help: 'each item once',
      parameters: CASE_SENSITIVE,
      apply: (value, [caseSensitive, attribute], context) =>
        generator(function* () {
          const keyOf = attributeGetter(attribute!, context, foldCase(caseSensitive!, context));
          const seen = new Set<string>();
          for (const item of iterate(value, context.budget)) {
            const hash = hashOf(keyOf(item), context.budget);
            context.budget.allocate(1);
            if (seen.has(hash)) continue;
            seen.add(hash);
            yield item;
          }
        }),
    },
  ],
  [
    'batch',
    {
      help: 'lists of so many items each',
      parameters: [{ name: 'linecount' }, { name: 'fill_with', fallback: null }],
      apply: (value, [size, filler], context) => generator(() => batch(value, size!, filler!, context)),
    },
  ],
  [
    'slice',
    {
      help: 'so many lists of about equal length',
      parameters: [{ name: 'slices' }, { name: 'fill_with', fallback: null }],
      apply: (value, [slices, filler], context) => generator(() => sliceIntoColumns(value, slices!, filler!, context)),
    },
  ],
  [
    'map',
    {
      help: 'a field of each item (attribute="name"), or a filter applied to each',
      parameters: 'any',
      applyFreely: (value, args, context) =>
        generator(function* () {
          if (!isTrue(value)) return;
          const convert = mapper(args, context);
          for (const item of iterate(value, context.budget)) yield convert(item);
        }),
    },
  ],
  selecting('select', true, false, 'the items that pass a test'),
  selecting('reject', false, false, 'the items that fail a test'),
  selecting('selectattr', true, true, 'the items whose field passes a test'),
  selecting('rejectattr', false, true, 'the items whose field fails a test'),
  [
    'attr',
    {
      help: 'the method of that name; fields are read with a dot',
      parameters: [{ name: 'name' }],
      apply: (value, [name], context) => {
        if (value instanceof Undefined) throw value.fault;
        const text = findText(name!);
        if (text === undefined) throw new TemplateFault(`|attr takes a name, not ${typeNameOf(name!)}.`);
        const explain = (): string => `${capitalized(typeNameOf(value))} has no method ${text.slice(0, 60)}.`;
        return hasMethod(value, text) ? new Method(value, text) : context.makeUndefined(explain());
      },
    },
  ],
  [
    'items',
    {
      help: 'the pairs of key and value',
      parameters: [],
      apply: (value, _args, context) =>
        generator(function* () {
          if (value instanceof Undefined) return;
          for (const [key, item] of pairsOf('items', value)) {
            context.budget.step();
            yield new Tuple([key, item]);
          }
        }),
    },
  ],
  [
    'dictsort',
    {
      help: 'the pairs of key and value, sorted',
      parameters: [
        { name: 'case_sensitive', fallback: false },
        { name: 'by', fallback: 'key' },
        { name: 'reverse', fallback: false },
      ],
      apply: (value, [caseSensitive, by, reverse], context) => {
        const isByKey = isEqual(by!, 'key', context.budget);
        if (!isByKey && !isEqual(by!, 'value', context.budget)) {
          throw new TemplateFault('|dictsort sorts by "key" or "value".');
        }
        const fold = foldCase(caseSensitive!, context);
        const pairs = pairsOf('dictsort', value);
        context.budget.step(pairs.length);
        const sorted = sortBy(pairs, ([key, item]) => fold(isByKey ? key : item), isTrue(reverse!), context);
        return new List(sorted.map((pair) => new Tuple(pair)));
      },
    },
  ],
];
