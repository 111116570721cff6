import { type Action, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { type TemplateField, templateFieldsOf } from '@/lib/edit/action-references';
import type { JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonValue } from '@/lib/json/value';
import { schemaAtPath } from '@/lib/schema/json-schema';
import { isTemplate } from '@/lib/template/parse-template';
import { findShadowedFields, type ShadowedField } from '@/lib/template/shadowed-fields';
import { type Draft, definitionOf, forEachAction, printField, type Rule, type Subject } from '../draft';
import { placeOf, rewrite } from './read';

/** Where a Python runner, which renders every text of the inputs with Jinja2, would send something else, or nothing. */
export const findParityProblems: Rule = forEachAction((subject, id, action) => {
  const texts = changedTexts(id, action);
  const fields = shadowedFields(subject, id, action);
  return fields.length === 0 ? texts : [...texts, ...fields];
});

interface ShadowedRead extends TemplateField {
  readonly field: ShadowedField;
}

const shadowedByAction = new WeakMap<Action, readonly ShadowedRead[]>();

function shadowedFields(subject: Subject, id: ActionId, action: Action): readonly Draft[] {
  let reads = shadowedByAction.get(action);
  if (reads === undefined) {
    reads = templateFieldsOf(action).flatMap((read) =>
      findShadowedFields(read.text).map((field) => ({ ...read, field })),
    );
    shadowedByAction.set(action, reads);
  }
  return reads
    .filter(({ field }) => mayHaveField(subject, field))
    .map(({ path, text, field }): Draft => {
      const { name, place, replaced, replacement } = field;
      const owner = printField(field.owner);
      const value = text.slice(0, replaced.start) + replacement + text.slice(replaced.end);
      return {
        code: 'parity',
        ...placeOf({ id, path }),
        range: { line: place.line, column: place.column, length: place.end - place.start },
        message: `${id}, ${printField(path)}: ${owner}.${name} is a method of every object, not the field ${name}; ${owner}${replacement} reads the field.`,
        fix: { label: `Write ${owner}${replacement}`, edit: rewrite({ id, path }, value), isSafe: false },
      };
    });
}

/** Whether the schema says so, or nothing is known. What cannot be read for other reasons is told elsewhere. */
function mayHaveField({ chain, known }: Subject, { owner, name }: ShadowedField): boolean {
  const [root, ...fields] = owner;
  const action = root === 'input' ? undefined : chain.actions.get(root as ActionId);
  if (root !== 'input' && action === undefined) return false;
  const schema = action === undefined ? chain.inputs : definitionOf(known, action)?.outputSchema;
  return schema === undefined || schema === null || schemaAtPath(schema, [...fields, name]) !== undefined;
}

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
