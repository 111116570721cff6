import type { Budget } from '../budget';
import { escapeHtml } from '../escape-html';
import { isTrue } from '../operators';
import { printValue } from '../print-value';
import { capitalize, splitLines, strip } from '../python-text';
import { replaceCharged } from '../search-text';
import { TemplateFault } from '../template-fault';
import {
  characterCountOf,
  charactersOf,
  Dict,
  findEntries,
  findIndex,
  findItems,
  findText,
  isIterable,
  iterate,
  lengthOf,
  Markup,
  typeNameOf,
  Undefined,
  type Value,
} from '../values';
import type { Filter, Parameter } from './callable';
import { dumpJson } from './dump-json';
import { formatPercent } from './percent-format';

/** A filter that changes text and keeps what is escaped escaped. */
const changing = (help: string, change: (text: string) => string): Filter => ({
  help,
  parameters: [],
  apply: (value, _args, { budget }) => {
    const text = printValue(value, budget);
    budget.allocate(text.length);
    return value instanceof Markup ? new Markup(change(text)) : change(text);
  },
});

const title = (text: string): string =>
  text
    .split(/([-\s({[<]+)/u)
    .map((part) => {
      const first = part === '' ? '' : String.fromCodePoint(part.codePointAt(0)!);
      return first.toUpperCase() + part.slice(first.length).toLowerCase();
    })
    .join('');

const DEFAULT: Filter = {
  help: 'the argument where the value is not there; with true also where it is empty',
  parameters: [
    { name: 'default_value', fallback: '' },
    { name: 'boolean', fallback: false },
  ],
  apply: (value, [fallback, boolean]) =>
    value instanceof Undefined || (isTrue(boolean!) && !isTrue(value)) ? fallback! : value,
};

function escapeValue(value: Value, budget: Budget): Markup {
  if (value instanceof Markup) return value;
  const text = escapeHtml(printValue(value, budget));
  budget.allocate(text.length);
  return new Markup(text);
}

const ESCAPE: Filter = {
  help: 'with & < > " and \' written for HTML',
  parameters: [],
  apply: (value, _args, { budget }) => escapeValue(value, budget),
};

function trim(value: Value, chars: Value, budget: Budget): string {
  const text = printValue(value, budget);
  const set = chars === null ? undefined : findText(chars);
  if (chars !== null && set === undefined) throw new TemplateFault(`|trim takes text, not ${typeNameOf(chars)}.`);
  if (set === undefined) return strip(text);
  const stripped = new Set(charactersOf(set, budget));
  const characters = charactersOf(text, budget);
  let start = 0;
  let end = characters.length;
  while (start < end && stripped.has(characters[start]!)) start++;
  while (end > start && stripped.has(characters[end - 1]!)) end--;
  return characters.slice(start, end).join('');
}

const wholeNumber = (filter: string, argument: string, value: Value): number => {
  const number = findIndex(value);
  if (number === undefined) {
    throw new TemplateFault(`|${filter} takes a whole number as ${argument}, not ${typeNameOf(value)}.`);
  }
  return number;
};

function indent(value: Value, [width, first, blank]: readonly Value[], budget: Budget): Value {
  const text = findText(value);
  if (value instanceof Undefined) throw value.fault;
  if (text === undefined) throw new TemplateFault(`|indent takes text, not ${typeNameOf(value)}.`);
  const lines = splitLines(`${text}\n`);
  const given = findText(width!);
  const columns = given === undefined ? Math.max(0, wholeNumber('indent', 'width', width!)) : given.length;
  budget.allocate(text.length + columns * lines.length);
  const indention = given ?? ' '.repeat(columns);
  const indentsBlank = isTrue(blank!);
  const body = lines
    .map((line, index) => (index > 0 && (indentsBlank || line !== '') ? indention + line : line))
    .join('\n');
  const result = isTrue(first!) ? indention + body : body;
  return value instanceof Markup ? new Markup(result) : result;
}

/** Jinja2's default: text that is longer by no more than this is left alone. */
const TRUNCATE_LEEWAY = 5;

function truncate(value: Value, [length, killwords, end, leeway]: readonly Value[], budget: Budget): Value {
  const limit = wholeNumber('truncate', 'length', length!);
  const tail = printValue(end!, budget);
  const tolerance = leeway === null ? TRUNCATE_LEEWAY : wholeNumber('truncate', 'leeway', leeway!);
  const tailLength = characterCountOf(tail, budget);
  if (limit < tailLength) throw new TemplateFault(`|truncate takes a length of at least ${tailLength} here.`);
  if (tolerance < 0) throw new TemplateFault('|truncate takes no leeway below zero.');
  if (lengthOf(value, budget) <= limit + tolerance) return value;
  const text = findText(value);
  if (text === undefined) throw new TemplateFault(`|truncate takes text, not ${typeNameOf(value)}.`);
  const kept = charactersOf(text, budget)
    .slice(0, limit - tailLength)
    .join('');
  const lastSpace = kept.lastIndexOf(' ');
  const cut = isTrue(killwords!) || lastSpace === -1 ? kept : kept.slice(0, lastSpace);
  budget.allocate(cut.length + tail.length);
  return value instanceof Markup ? new Markup(cut + escapeHtml(tail)) : cut + tail;
}

function quoteUrl(value: Value, budget: Budget, isInQuery: boolean): string {
  const text = printValue(value, budget);
  budget.allocate(text.length * 3);
  if (/\p{Cs}/u.test(text)) throw new TemplateFault('This text holds half a surrogate pair, which no URL can.');
  const quoted = encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return isInQuery ? quoted.replaceAll('%20', '+') : quoted.replaceAll('%2F', '/');
}

function urlencode(value: Value, budget: Budget): string {
  if (findText(value) !== undefined || !isIterable(value)) return quoteUrl(value, budget, false);
  const entries = findEntries(value);
  const pairs: (readonly [Value, Value])[] = entries === undefined ? [] : [...entries];
  if (entries === undefined) {
    for (const pair of iterate(value, budget)) {
      const [key, item, ...more] = findItems(pair) ?? [];
      if (key === undefined || item === undefined || more.length > 0) {
        throw new TemplateFault('|urlencode takes text, a dict or a list of pairs.');
      }
      pairs.push([key, item]);
    }
  }
  return pairs.map(([key, item]) => `${quoteUrl(key, budget, true)}=${quoteUrl(item, budget, true)}`).join('&');
}

function tojson(value: Value, indention: Value, budget: Budget): Markup {
  if (indention === null) return new Markup(dumpJson(value, budget, null));
  const text = findText(indention);
  const columns = text === undefined ? Math.max(0, wholeNumber('tojson', 'indent', indention)) : 0;
  budget.allocate(columns);
  return new Markup(dumpJson(value, budget, text ?? ' '.repeat(columns)));
}

function center(value: Value, width: Value, budget: Budget): string {
  const text = printValue(value, budget);
  const columns = wholeNumber('center', 'width', width);
  const missing = columns - characterCountOf(text, budget);
  if (missing <= 0) return text;
  budget.allocate(columns);
  // As CPython places the odd blank.
  const left = Math.floor(missing / 2) + (missing % 2 === 1 && columns % 2 !== 0 ? 1 : 0);
  return ' '.repeat(left) + text + ' '.repeat(missing - left);
}

const REPLACE_PARAMETERS: readonly Parameter[] = [{ name: 'old' }, { name: 'new' }, { name: 'count', fallback: null }];

function replace(value: Value, [old, fresh, count]: readonly Value[], budget: Budget): string {
  const text = printValue(value, budget);
  const from = printValue(old!, budget);
  const to = printValue(fresh!, budget);
  const limit = count === null ? -1 : wholeNumber('replace', 'count', count!);
  return replaceCharged(text, from, to, limit, budget);
}

export const TEXT_FILTERS: readonly (readonly [string, Filter])[] = [
  ['default', DEFAULT],
  ['d', DEFAULT],
  ['upper', changing('in upper case', (text) => text.toUpperCase())],
  ['lower', changing('in lower case', (text) => text.toLowerCase())],
  ['capitalize', changing('first letter upper case, the rest lower case', capitalize)],
  [
    'title',
    {
      help: 'every word with a capital',
      parameters: [],
      apply: (value, _args, { budget }) => {
        const text = printValue(value, budget);
        budget.allocate(text.length);
        return title(text);
      },
    },
  ],
  [
    'trim',
    {
      help: 'without white space, or the given characters, at both ends',
      parameters: [{ name: 'chars', fallback: null }],
      apply: (value, [chars], { budget }) => {
        const text = trim(value, chars!, budget);
        budget.allocate(text.length);
        return value instanceof Markup ? new Markup(text) : text;
      },
    },
  ],
  [
    'replace',
    {
      help: 'every occurrence of one text replaced by another',
      parameters: REPLACE_PARAMETERS,
      apply: (value, args, { budget }) => replace(value, args, budget),
    },
  ],
  [
    'string',
    {
      help: 'as text',
      parameters: [],
      apply: (value, _args, { budget }) => (value instanceof Markup ? value : printValue(value, budget)),
    },
  ],
  [
    'format',
    {
      help: 'the text with %s, %d … filled in by the arguments',
      parameters: 'any',
      applyFreely: (value, { positional, keywords }, { budget }) => {
        if (positional.length > 0 && keywords.size > 0) {
          throw new TemplateFault('|format takes arguments by position or by name, not both.');
        }
        const text = formatPercent(
          printValue(value, budget),
          keywords.size > 0
            ? { values: [new Dict(keywords)], entries: keywords, isLone: true, isEscaped: value instanceof Markup }
            : { values: positional, entries: null, isLone: false, isEscaped: value instanceof Markup },
          budget,
        );
        return value instanceof Markup ? new Markup(text) : text;
      },
    },
  ],
  [
    'tojson',
    {
      help: 'as JSON text, keys sorted; with indent= over several lines',
      parameters: [{ name: 'indent', fallback: null }],
      apply: (value, [indention], { budget }) => tojson(value, indention!, budget),
    },
  ],
  [
    'indent',
    {
      help: 'every line but the first moved to the right',
      parameters: [
        { name: 'width', fallback: 4n },
        { name: 'first', fallback: false },
        { name: 'blank', fallback: false },
      ],
      apply: (value, args, { budget }) => indent(value, args, budget),
    },
  ],
  [
    'truncate',
    {
      help: 'cut to a length, with … dots at the end',
      parameters: [
        { name: 'length', fallback: 255n },
        { name: 'killwords', fallback: false },
        { name: 'end', fallback: '...' },
        { name: 'leeway', fallback: null },
      ],
      apply: (value, args, { budget }) => truncate(value, args, budget),
    },
  ],
  [
    'wordcount',
    {
      help: 'how many words',
      parameters: [],
      apply: (value, _args, { budget }) => {
        const text = printValue(value, budget);
        budget.allocate(text.length);
        return BigInt(text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0);
      },
    },
  ],
  [
    'center',
    {
      help: 'in the middle of a field of the given width',
      parameters: [{ name: 'width', fallback: 80n }],
      apply: (value, [width], { budget }) => center(value, width!, budget),
    },
  ],
  [
    'urlencode',
    {
      help: 'written for a URL; a dict as a query',
      parameters: [],
      apply: (value, _args, { budget }) => urlencode(value, budget),
    },
  ],
  ['escape', ESCAPE],
  ['e', ESCAPE],
  [
    'forceescape',
    {
      help: 'written for HTML, also what is escaped already',
      parameters: [],
      apply: (value, _args, { budget }) => escapeValue(printValue(value, budget), budget),
    },
  ],
  [
    'safe',
    {
      help: 'counted as escaped already',
      parameters: [],
      apply: (value, _args, { budget }) => new Markup(printValue(value, budget)),
    },
  ],
];
