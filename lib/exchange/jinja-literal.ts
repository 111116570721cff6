import { isJsonArray, isJsonObject, type JsonValue, Numeral } from '@/lib/json/value';
import { isTemplate } from '@/lib/template/parse-template';
import { quoteString } from '@/lib/template/print-value';

/**
 * A value as an expression of Jinja2, the same value wherever it stands: strings in quotes, numbers as they are spelled,
 * `true`, `false`, `none`, lists and dicts. What an operator beside it could tear apart stands in brackets.
 *
 * @param isFoldable false at the base of a power: Jinja2 writes a constant into its Python code without brackets, so
 * `(-2) ** fetch.n` would be `-(2 ** n)` there. Such a number is read from a text while the template runs.
 */
export function printJinjaLiteral(value: JsonValue, isFoldable = true): string {
  if (value instanceof Numeral) return printNumber(value, isFoldable);
  if (typeof value === 'string') return quoteString(value);
  if (value === null) return 'none';
  if (isJsonArray(value)) return `[${value.map((item) => printJinjaLiteral(item)).join(', ')}]`;
  // In brackets, because a dict's braces beside those of the tag would read as another tag.
  if (isJsonObject(value)) return `({${[...value].map(printEntry).join(', ')}})`;
  return value ? 'true' : 'false';
}

const printEntry = ([key, item]: readonly [string, JsonValue]): string =>
  `${quoteString(key)}: ${printJinjaLiteral(item)}`;

function printNumber(value: Numeral, isFoldable: boolean): string {
  const { text } = value;
  // Jinja2 would write a constant infinity into its Python code as a name that nothing has.
  if (!isFoldable || !Number.isFinite(value.toNumber())) {
    return `('${text}'.strip()|${value.isInteger ? 'int' : 'float'})`;
  }
  return text.startsWith('-') ? `(${text})` : text;
}

/**
 * The JSON that a runner gives out as `value` after it has rendered every text in it: texts that Jinja2 would read as a
 * template, or change (CR, a newline at the end), print themselves. All other JSON is shared with `value`.
 */
export function escapeForJinja(value: JsonValue): JsonValue {
  if (typeof value === 'string') return escapeText(value);
  if (isJsonArray(value)) {
    const escaped = value.map(escapeForJinja);
    return escaped.some((item, index) => item !== value[index]) ? escaped : value;
  }
  if (!isJsonObject(value)) return value;
  const escaped = new Map([...value].map(([key, item]) => [key, escapeForJinja(item)] as const));
  return [...escaped].some(([key, item]) => item !== value.get(key)) ? escaped : value;
}

/** Whether Jinja2 gives another text than this one although it holds no template. */
const isChangedByJinja = (text: string): boolean => text.includes('\r') || text.endsWith('\n');

/** What cannot stand as it is, and every brace that touches it: `{` before an inserted `{{` would join it. */
const TROUBLE = /(?:\{+[%#]?|\r\n?|\n$)+/g;

const escapeText = (text: string): string =>
  isTemplate(text) || isChangedByJinja(text)
    ? text.replace(TROUBLE, (piece) => (piece === '{' ? piece : `{{ ${quoteString(piece)} }}`))
    : text;
