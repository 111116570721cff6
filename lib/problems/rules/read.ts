import type { ActionId } from '@/lib/chain/ids';
import type { Edit } from '@/lib/edit/edit';
import type { JsonPath } from '@/lib/json/pointer';
import type { Reference } from '@/lib/template/references';
import type { Subject } from '../draft';
import type { TemplateRange } from '../problem';

/** One reference in a template of an action, while it is checked. */
export interface Read {
  readonly subject: Subject;
  readonly id: ActionId;
  /** Of the field, below the action. */
  readonly path: JsonPath;
  readonly text: string;
  readonly reference: Reference;
}

export const placeOf = ({ id, path }: Pick<Read, 'id' | 'path'>) => ({ action: id, at: ['actions', id, ...path] });

/** Of one segment of the path read; its name where there is no place. */
export function rangeOf({ reference }: Read, segment: number): { readonly range?: TemplateRange } {
  const span = reference.segments[segment];
  if (span === undefined) return {};
  return { range: { line: span.line, column: span.column, length: span.end - span.start } };
}

/** Writes another text into the field of a template. */
export const rewrite = ({ id, path }: Pick<Read, 'id' | 'path'>, value: string): Edit =>
  path[0] === 'when'
    ? { type: 'patch-action', id, patch: { when: value } }
    : { type: 'set-input', id, path: path.slice(1), value };
