import type { Action, Chain, EffectiveSettings } from '@/lib/chain/chain';
import { effectiveSettings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';
import { type ChainGraph, graphOf } from '@/lib/graph/chain-graph';
import type { JsonPath } from '@/lib/json/pointer';
import type { Problem } from './problem';

/** What is known beside the document; what is null is not checked. */
export interface Known {
  /** By the id that a document names: those of the connection, and imported ones under their `local:` ids. */
  readonly definitions: ReadonlyMap<string, Definition> | null;
  /** Id in the document → id in the tenant. Null where every id is called as it stands, as the simulator does. */
  readonly idMap: ConnectionMap | null;
  /** Names that `secret_ref` can resolve. */
  readonly secretNames: ReadonlySet<string> | null;
  /** JSON pointers of literals that a person said are no secrets. */
  readonly allowedLiterals: ReadonlySet<string>;
}

/** The document alone: nothing beside it is known, so nothing beside it is checked. */
export const NOTHING_KNOWN: Known = { definitions: null, idMap: null, secretNames: null, allowedLiterals: new Set() };

/** A problem before its place is printed and its severity looked up. */
export type Draft = Omit<Problem, 'path' | 'severity'> & { readonly at: JsonPath };

/** What every rule looks at. */
export interface Subject {
  readonly chain: Chain;
  readonly graph: ChainGraph;
  readonly settings: EffectiveSettings;
  readonly known: Known;
}

/** Finds the problems of one family; in any order. */
export type Rule = (subject: Subject) => readonly Draft[];

/** A rule that looks at one action at a time. */
export const forEachAction =
  (check: (subject: Subject, id: ActionId, action: Action) => readonly Draft[]): Rule =>
  (subject) =>
    [...subject.chain.actions].flatMap(([id, action]) => check(subject, id, action));

export const subjectOf = (chain: Chain, known: Known): Subject => ({
  chain,
  graph: graphOf(chain),
  settings: effectiveSettings(chain),
  known,
});

/** A place in an action as a person reads it: `inputs.list[1].deep`. */
export const printField = (path: JsonPath): string =>
  path.map((segment, i) => (typeof segment === 'number' ? `[${segment}]` : `${i === 0 ? '' : '.'}${segment}`)).join('');

/** ` Did you mean x?`, or nothing. */
export const didYouMean = (nearest: string | undefined): string =>
  nearest === undefined ? '' : ` Did you mean ${nearest}?`;
