import { Numeral } from '@/lib/json/value';
import type { Budget } from './budget';
import { INTEGER_DIGITS_MAX } from './read-literal';
import { TemplateFault } from './template-fault';
import {
  findEntries,
  findItems,
  findNumber,
  findText,
  Lazy,
  Markup,
  Method,
  printFloat,
  Tuple,
  Undefined,
  unusedMethod,
  type Value,
} from './values';

/** Python's `str`: what `{{ }}` prints. Charges what it makes. */
export function printValue(value: Value, budget: Budget): string {
  const text = findText(value);
  if (text !== undefined) return text;
  if (value instanceof Undefined) {
    value.tolerate();
    return '';
  }
  return printRepr(value, budget);
}

/** Python's `repr`: strings in quotes, as they stand inside lists and dicts. */
export function printRepr(value: Value, budget: Budget): string {
  budget.step();
  const parts: string[] = [];
  appendRepr(value, budget, (part) => {
    budget.allocate(part.length);
    parts.push(part);
  });
  return parts.join('');
}

function appendRepr(value: Value, budget: Budget, append: (part: string) => void): void {
  if (value === null) append('None');
  else if (typeof value === 'boolean') append(value ? 'True' : 'False');
  else if (typeof value === 'string') append(quoteString(value));
  else if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Numeral)
    append(printNumber(value));
  else if (value instanceof Markup) append(`Markup(${quoteString(value.text)})`);
  else if (value instanceof Undefined) append('Undefined');
  else if (value instanceof Method) throw unusedMethod(value);
  else if (value instanceof Lazy) {
    throw new TemplateFault(`Jinja2 prints a ${value.kind} here, not its items. Add |list or |join.`);
  } else appendContainer(value, budget, append);
}

function appendContainer(value: Value, budget: Budget, append: (part: string) => void): void {
  const entries = findEntries(value);
  if (entries !== undefined) {
    appendItems('{', '}', [...entries], budget, append, ([key, item]) => {
      appendRepr(key, budget, append);
      append(': ');
      appendRepr(item, budget, append);
    });
    return;
  }
  const items = findItems(value)!;
  const [open, close] = value instanceof Tuple ? ['(', items.length === 1 ? ',)' : ')'] : ['[', ']'];
  appendItems(open!, close!, items, budget, append, (item) => appendRepr(item, budget, append));
}

function appendItems<T>(
  open: string,
  close: string,
  items: readonly T[],
  budget: Budget,
  append: (part: string) => void,
  appendItem: (item: T) => void,
): void {
  append(open);
  budget.deeper(() => {
    for (const [index, item] of items.entries()) {
      budget.step();
      if (index > 0) append(', ');
      appendItem(item);
    }
  });
  append(close);
}

function printNumber(value: bigint | number | Numeral): string {
  const number = findNumber(value)!;
  if (typeof number === 'number') return printFloat(number);
  const text = number.toString();
  if (text.length > INTEGER_DIGITS_MAX + 1) {
    throw new TemplateFault(`A number of more than ${INTEGER_DIGITS_MAX} digits cannot be printed.`);
  }
  return text;
}

/** Python's `repr` of a string: single quotes unless only they stand in it, what cannot be seen as an escape. */
export function quoteString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(UNPRINTABLE, (char) => {
    if (char === quote || char === '\\') return `\\${char}`;
    return char === '"' || char === "'" ? char : escapeCharacter(char);
  });
  return quote + escaped + quote;
}

const UNPRINTABLE = /['"\\]|(?! )[\p{C}\p{Z}]/gu;

function escapeCharacter(char: string): string {
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  const code = char.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
