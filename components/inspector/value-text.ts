import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson, printJson } from '@/lib/json/print-json';
import { isNumeralText, type JsonValue, Numeral } from '@/lib/json/value';

/** What a field shows for a value: strings as they are, anything else as JSON. */
export function textOfValue(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const compact = printCompactJson(value);
  return compact.length <= 40 ? compact : printJson(value);
}

/**
 * The value that a person means by a text in a field of the given JSON Schema type: `30` in a number field is the number 30,
 * with its spelling; a template is always a string. Text that does not fit the type stays a string, which the checks then
 * point out. An empty text means that the input is not sent.
 */
export function valueOfText(text: string, type: string, before: JsonValue | undefined): JsonValue | undefined {
  if (text === '') return undefined;
  if (/\{[{%#]/.test(text) && !/^\s*[[{]\s*["[{\]}]/.test(text)) return text;
  const wants = (name: string): boolean => type.split(/[ |]+/).includes(name);
  const trimmed = text.trim();
  if (
    (wants('number') || wants('integer') || before instanceof Numeral) &&
    !wants('string') &&
    isNumeralText(trimmed)
  ) {
    return new Numeral(trimmed);
  }
  if ((wants('boolean') || typeof before === 'boolean') && (trimmed === 'true' || trimmed === 'false'))
    return trimmed === 'true';
  if (trimmed === 'null' && (wants('null') || before === null)) return null;
  if (
    wants('object') ||
    wants('array') ||
    (typeof before === 'object' && before !== null && !(before instanceof Numeral))
  ) {
    const parsed = parseJson(text);
    if (parsed.ok) return parsed.value;
  }
  return text;
}
