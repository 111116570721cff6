import type { Settings } from '@/lib/chain/chain';
import { clipText } from '@/lib/clip-text';
import { printCompactJson } from '@/lib/json/print-json';
import { type JsonValue, jsonTypeOf } from '@/lib/json/value';
import { bindInputs } from '@/lib/template/bind-inputs';
import { findReferences } from '@/lib/template/references';

const SHOWN_LENGTH_MAX = 120;

/**
 * What a field's template gives right now, from the sample input and the outputs of the run on show: the very function that
 * binds inputs in a run. Null while an output is missing or the template fails; undefined where there is no template.
 */
export function previewOf(field: {
  readonly value: JsonValue | undefined;
  readonly scope: ReadonlyMap<string, JsonValue>;
  readonly missing: ReadonlySet<string>;
  readonly settings: Settings | undefined;
}): { readonly text: string; readonly type: string; readonly source: string } | null | undefined {
  const { value, scope, missing, settings } = field;
  if (typeof value !== 'string' || !/\{[{%]/.test(value)) return undefined;
  const roots = new Set(findReferences(value).map((reference) => reference.path[0]));
  if ([...roots].some((root) => root !== undefined && missing.has(root))) return null;
  const bound = bindInputs({
    inputs: value,
    scope,
    binding: settings?.binding ?? 'typed',
    undefinedMode: settings?.undefined ?? 'strict',
  });
  if (!bound.ok) return null;
  const text = printCompactJson(bound.value.value);
  const source = [...roots].some((root) => root !== 'input') ? 'last run' : 'sample input';
  return {
    text: clipText(text, SHOWN_LENGTH_MAX),
    type: jsonTypeOf(bound.value.value),
    source,
  };
}
