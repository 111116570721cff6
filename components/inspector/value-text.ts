import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson, printJson } from '@/lib/json/print-json';
import { isNumeralText, type JsonValue, Numeral } from '@/lib/json/value';

const COMPACT_LENGTH_MAX = 40;

/** What a field shows for a value: texts as they are, anything else as JSON. */
export function textOfValue(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'string') return value;
  const compact = printCompactJson(value);
  return compact.length <= COMPACT_LENGTH_MAX ? compact : printJson(value);
}

/**
 * What a field takes: a type in the words of `describeType` (`integer`, `string or null`, `list of object`), or, where the
 * contract says nothing, what the person chose: `text`, or `JSON` of any kind.
 */
export type FieldType = string;

/** Whether a contract leaves open what kind of value stands there, so that the person must choose between text and JSON. */
export const isOpenType = (type: FieldType): boolean => type === '' || type === 'anything' || type === 'nothing';

/**
 * The value that a person means by a text in a field of this type: `30` in a number field is the number 30, with its
 * spelling; a template is always a text. Text that does not fit the type stays text, which the checks then point out. It
 * depends on the text and the type alone, so what is half-typed never decides about what follows. An empty text is no value.
 */
export function valueOfText(text: string, type: FieldType): JsonValue | undefined {
  if (text === '') return undefined;
  const takes = (name: string): boolean => type === 'JSON' || new RegExp(`\\b${name}\\b`).test(type);
  const trimmed = text.trim();
  const isStructure = /^[[{]/.test(trimmed) && !trimmed.startsWith('{{') && !trimmed.startsWith('{%');
  if (isStructure && (takes('object') || takes('list'))) {
    const parsed = parseJson(text);
    return parsed.ok ? parsed.value : text;
  }
  if (takes('string') && type !== 'JSON') return text;
  if ((takes('number') || takes('integer')) && isNumeralText(trimmed)) return new Numeral(trimmed);
  if (takes('boolean') && (trimmed === 'true' || trimmed === 'false')) return trimmed === 'true';
  if (takes('null') && trimmed === 'null') return null;
  return text;
}
