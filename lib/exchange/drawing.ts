import { type Action, type Chain, dependenciesOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { carriesData } from '@/lib/edit/action-references';
import { definitionOf, type KnownDefinitions } from '@/lib/problems/draft';

/** What every drawing of a chain shows, whatever it is drawn with. */
export interface Drawing {
  /** Actions in document order, then what they name and the chain does not have. */
  readonly nodes: readonly DrawnNode[];
  /** In document order of their targets. */
  readonly edges: readonly DrawnEdge[];
}

export type DrawnNode =
  | {
      readonly type: 'action';
      readonly id: ActionId;
      readonly action: Action;
      /** Its label, or its id. */
      readonly title: string;
      /** The name of its definition, or the id where nobody knows the name. */
      readonly definition: string;
    }
  /** A dependency that is not there. */
  | { readonly type: 'ghost'; readonly id: ActionId };

export interface DrawnEdge {
  readonly from: ActionId;
  readonly to: ActionId;
  /** A template of `to` reads `from`; otherwise the edge only orders. */
  readonly carriesData: boolean;
}

/** Any chain can be drawn, also one with cycles, edges to itself and dependencies that are not there. */
export function drawingOf(chain: Chain, known: KnownDefinitions): Drawing {
  const nodes = new Map<ActionId, DrawnNode>();
  const edges: DrawnEdge[] = [];
  for (const [id, action] of chain.actions) {
    const title = action.label === undefined || action.label.trim() === '' ? id : action.label;
    const definition = definitionOf(known, action)?.name ?? action.definition_id;
    nodes.set(id, { type: 'action', id, action, title, definition });
  }
  for (const [to, action] of chain.actions) {
    for (const from of new Set(dependenciesOf(action))) {
      if (!nodes.has(from)) nodes.set(from, { type: 'ghost', id: from });
      edges.push({ from, to, carriesData: carriesData(chain, from, to) });
    }
  }
  return { nodes: [...nodes.values()], edges };
}

/**
 * The text on one line, of characters that a drawing can show: what is no character of XML, and what would turn the
 * direction of its neighbours, becomes U+FFFD.
 */
export const toDrawableText = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(UNDRAWABLE, '\uFFFD');

const UNDRAWABLE = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
