import type { ActionId } from '@/lib/chain/ids';
import { type ChainGraph, graphOf } from '@/lib/graph/chain-graph';
import { chainOfDependencies } from '../graph-builder';
import acyclic from './acyclic.json';
import cyclic from './cyclic.json';

/** What networkx said about a chain; `record.py` beside the files says how it was asked. */
interface Recorded {
  readonly shape: string;
  readonly dependsOn: readonly (readonly [string, readonly string[]])[];
}
interface RecordedAcyclic extends Recorded {
  readonly durations: readonly number[];
  readonly generations: readonly (readonly ActionId[])[];
  readonly redundant: readonly (readonly [ActionId, ActionId])[];
  readonly longestPath: readonly ActionId[];
  readonly length: number;
}
interface RecordedCyclic extends Recorded {
  readonly found: readonly ActionId[];
  readonly loops: readonly ActionId[];
  readonly components: readonly { readonly actions: readonly ActionId[]; readonly shortest: number }[];
}

const withGraph = <Case extends Recorded>(cases: unknown): readonly (Case & { readonly graph: ChainGraph })[] =>
  (cases as readonly Case[]).map((each) => ({ ...each, graph: graphOf(chainOfDependencies(each.dependsOn)) }));

/** At least 200 acyclic chains, and at least 100 with cycles. */
export const networkxAcyclic = withGraph<RecordedAcyclic>(acyclic.cases);
export const networkxCyclic = withGraph<RecordedCyclic>(cyclic.cases);
