import { Numeral } from '@/lib/json/value';
import type { Budget } from '../budget';
import { compareText } from '../operators';
import { TemplateFault } from '../template-fault';
import {
  findEntries,
  findItems,
  findNumber,
  findText,
  jsonKeyOf,
  printFloat,
  typeNameOf,
  Undefined,
  type Value,
} from '../values';

/**
 * JSON as Jinja2's `tojson` writes it: Python's `json.dumps(value, sort_keys=True)` with what HTML minds escaped.
 *
 * @param step the indention of one level; null for one line
 * @param lineBreak newline and indention of this level
 */
export function dumpJson(value: Value, budget: Budget, step: string | null, lineBreak = '\n'): string {
  budget.step();
  const text = findText(value);
  if (text !== undefined) return quoteJson(text, budget);
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof Undefined) throw value.fault;
  if (typeof value === 'bigint' || typeof value === 'number' || value instanceof Numeral) {
    const number = findNumber(value)!;
    if (typeof number === 'bigint') return number.toString();
    return Number.isFinite(number)
      ? printFloat(number)
      : Number.isNaN(number)
        ? 'NaN'
        : number > 0
          ? 'Infinity'
          : '-Infinity';
  }
  const inner = lineBreak + (step ?? '');
  const entries = findEntries(value);
  if (entries !== undefined) {
    const sorted = [...entries].map(([key, item]) => [jsonKeyOf(key), item] as const);
    budget.step(sorted.length);
    sorted.sort(([a], [b]) => compareText(a, b, budget));
    const members = budget.deeper(() =>
      sorted.map(([key, item]) => `${quoteJson(key, budget)}: ${dumpJson(item, budget, step, inner)}`),
    );
    return encloseJson('{', '}', members, step, lineBreak, budget);
  }
  const items = findItems(value);
  if (items === undefined) throw new TemplateFault(`|tojson does not take ${typeNameOf(value)}.`);
  const members = budget.deeper(() => items.map((item) => dumpJson(item, budget, step, inner)));
  return encloseJson('[', ']', members, step, lineBreak, budget);
}

function encloseJson(
  open: string,
  close: string,
  members: readonly string[],
  step: string | null,
  lineBreak: string,
  budget: Budget,
): string {
  if (members.length === 0) return open + close;
  const inner = step === null ? '' : `${lineBreak}${step}`;
  budget.allocate(members.reduce((sum, member) => sum + member.length + inner.length + 2, 2));
  return step === null
    ? open + members.join(', ') + close
    : open + inner + members.join(`,${inner}`) + lineBreak + close;
}

function quoteJson(text: string, budget: Budget): string {
  const quoted = JSON.stringify(text).replace(
    /[\x7f-\uffff<>&']/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  budget.allocate(quoted.length);
  return quoted;
}
