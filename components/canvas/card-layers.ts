import dagre from '@dagrejs/dagre';
import type { CardLayout } from '@/lib/chain/workbench';
import { CARD_HEIGHT, CARD_WIDTH, GRID } from './card-positions';
import { clearEdges } from './clear-edges';

/** Between two cards of a column; leaves room for a card's chips and its toolbar. */
const ROW_GAP = 80;
const COLUMN_GAP = 96;

/** Cards and edges by index: the graph library treats some ids specially. */
export interface CardGraph {
  readonly count: number;
  readonly edges: readonly (readonly [from: number, to: number])[];
}

/** Places for cards in layers from left to right, on the grid; edges that skip layers run beside the cards there. */
export function layCards({ count, edges }: CardGraph): readonly CardLayout[] {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (let index = 0; index < count; index++) graph.setNode(`a${index}`, { width: CARD_WIDTH, height: CARD_HEIGHT });
  for (const [from, to] of edges) graph.setEdge(`a${from}`, `a${to}`);
  dagre.layout(graph);
  const snap = (value: number): number => Math.round(value / GRID) * GRID;
  const layers = Array.from({ length: count }, (_, index) => {
    const { x, y } = graph.node(`a${index}`);
    return { x: snap(x - CARD_WIDTH / 2), y: snap(y - CARD_HEIGHT / 2) };
  });
  return clearEdges({ count, edges }, layers);
}
