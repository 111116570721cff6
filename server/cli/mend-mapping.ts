import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import type { ActionId } from '@/lib/chain/ids';

/**
 * The text of a mapping with other dependencies: `depends_on` of the given actions is written anew, in the layout that
 * stands around it, and not one character else is touched.
 *
 * @param text what import has accepted as a mapping, bare or under `actions`.
 * @param dependencies by action, which the mapping must have.
 */
export function withDependencies(text: string, dependencies: ReadonlyMap<ActionId, readonly ActionId[]>): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : '';
  const source = text.slice(mark.length);
  const root = parseTree(source);
  if (root === undefined) return text;
  const under = findNodeAtLocation(root, ['actions']);
  const isBare = under === undefined || findNodeAtLocation(under, ['definition_id'])?.type === 'string';
  const actions = isBare ? root : under;

  const changes = [...dependencies].flatMap(([id, dependsOn]) => {
    const action = findNodeAtLocation(actions, [id]);
    return action === undefined ? [] : [changeOf(source, action, dependsOn)];
  });
  let mended = source;
  // From the end, so that what comes before keeps its place.
  for (const { offset, length, text: next } of changes.sort((a, b) => b.offset - a.offset)) {
    mended = mended.slice(0, offset) + next + mended.slice(offset + length);
  }
  return mark + mended;
}

interface Change {
  readonly offset: number;
  readonly length: number;
  readonly text: string;
}

function changeOf(source: string, action: Node, dependsOn: readonly ActionId[]): Change {
  const list = findNodeAtLocation(action, ['depends_on']);
  if (list !== undefined) {
    return { offset: list.offset, length: list.length, text: printList(source, list, dependsOn) };
  }
  // Behind the definition, as the tutorial orders its keys, and spaced as that is.
  const definition = findNodeAtLocation(action, ['definition_id'])!;
  const property = definition.parent!;
  const key = property.children![0]!;
  const next = action.children![action.children!.indexOf(property) + 1] ?? property;
  const opened = source.slice(0, next.offset);
  const lead = opened.slice(opened.trimEnd().length);
  const colon = source.slice(key.offset + key.length, definition.offset);
  const text = `,${lead}"depends_on"${colon}${printList(source, null, dependsOn)}`;
  return { offset: property.offset + property.length, length: 0, text };
}

/** On one line unless the list that stood there had lines of its own. */
function printList(source: string, old: Node | null, ids: readonly ActionId[]): string {
  const items = ids.map((id) => JSON.stringify(id));
  const [first, second] = old?.type === 'array' ? (old.children ?? []) : [];
  if (items.length === 0) return '[]';
  if (old === null || first === undefined) return `[${items.join(', ')}]`;
  const last = old.children!.at(-1)!;
  const lead = source.slice(old.offset + 1, first.offset);
  const tail = source.slice(last.offset + last.length, old.offset + old.length - 1);
  const between =
    second === undefined
      ? `,${lead.includes('\n') ? lead : ' '}`
      : source.slice(first.offset + first.length, second.offset);
  return `[${lead}${items.join(between)}${tail}]`;
}
