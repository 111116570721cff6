import dagre from '@dagrejs/dagre';
import { CARD_HEIGHT, CARD_WIDTH, GRID } from './card-positions';
import type { TidyAnswer, TidyRequest } from './tidy-up';

const ROW_GAP = 80;
const COLUMN_GAP = 96;

self.onmessage = ({ data }: MessageEvent<TidyRequest>) => {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: ROW_GAP, ranksep: COLUMN_GAP });
  graph.setDefaultEdgeLabel(() => ({}));
  for (let index = 0; index < data.count; index++)
    graph.setNode(`a${index}`, { width: CARD_WIDTH, height: CARD_HEIGHT });
  for (const [from, to] of data.edges) graph.setEdge(`a${from}`, `a${to}`);
  dagre.layout(graph);
  const snap = (value: number): number => Math.round(value / GRID) * GRID;
  const answer: TidyAnswer = Array.from({ length: data.count }, (_, index) => {
    const { x, y } = graph.node(`a${index}`);
    return { x: snap(x - CARD_WIDTH / 2), y: snap(y - CARD_HEIGHT / 2) };
  });
  self.postMessage(answer);
};
