import { type Action, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { isTemplate } from '@/lib/template/parse-template';
import { type Draft, forEachAction, printField, type Rule } from '../draft';

/** Where a Python runner, which renders every text of the inputs with Jinja2, would send something else. */
export const findParityProblems: Rule = forEachAction((_subject, id, action) => changedTexts(id, action));

interface ChangedText {
  readonly path: JsonPath;
  readonly words: string;
}

const changedByAction = new WeakMap<Action, readonly ChangedText[]>();

function changedTexts(id: ActionId, action: Action): readonly Draft[] {
  const changed = changedByAction.get(action) ?? findChangedTexts(inputsOf(action), ['inputs']);
  changedByAction.set(action, changed);
  return changed.map(({ path, words }) => ({
    code: 'text_changed_by_jinja',
    action: id,
    at: ['actions', id, ...path],
    message: `${id}, ${printField(path)}: ${words}`,
  }));
}

/** Depth is bounded by the document's 64 brackets. */
function findChangedTexts(value: JsonValue, path: JsonPath): readonly ChangedText[] {
  if (typeof value === 'string') return changesOf(value, path);
  if (isJsonArray(value)) return value.flatMap((item, index) => findChangedTexts(item, [...path, index]));
  if (isJsonObject(value)) return [...value].flatMap(([key, item]) => findChangedTexts(item, [...path, key]));
  return [];
}

/**
 * Jinja2 3.1 makes every line end a line feed, and leaves out one line end at the end (`newline_sequence` and
 * `keep_trailing_newline` of its environment, at their defaults). Templates are rendered so here, too; a text without one
 * passes through untouched.
 */
function changesOf(text: string, path: JsonPath): readonly ChangedText[] {
  if (isTemplate(text)) return [];
  const isEndCut = /[\r\n]$/.test(text);
  const isNormalised = text.replace(/(?:\r\n|\r|\n)$/, '').includes('\r');
  if (!isEndCut && !isNormalised) return [];
  const changes = [
    ...(isNormalised ? ['make its line ends line feeds'] : []),
    ...(isEndCut ? ['leave out the line end at its end'] : []),
  ];
  return [{ path, words: `Jinja2 would ${changes.join(' and ')}; here it is sent as it stands.` }];
}
