import type { Action, Chain, EffectiveSettings } from '@/lib/chain/chain';
import { effectiveSettings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { clipText } from '@/lib/clip-text';
import { maskCredentials } from '@/lib/credential-formats';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Definition } from '@/lib/definition/definition';
import { type ChainGraph, graphOf } from '@/lib/graph/chain-graph';
import type { JsonPath } from '@/lib/json/pointer';
import { findNearestName } from '@/lib/nearest-name';
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

/** What tells the definition that an action calls. */
export type KnownDefinitions = Pick<Known, 'definitions' | 'idMap'>;

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
  /**
   * The name nearest to a mistyped one, of about `count` names. They are compared as long as that takes no noticeable time
   * over the whole chain: a document of 2,000 wrong names needs no advice for each.
   */
  readonly findNearest: (name: string, count: number, names: () => Iterable<string>) => string | undefined;
}

/** Finds the problems of one family; in any order. */
export type Rule = (subject: Subject) => readonly Draft[];

/** A rule that looks at one action at a time. */
export const forEachAction =
  (check: (subject: Subject, id: ActionId, action: Action) => readonly Draft[]): Rule =>
  (subject) => {
    const drafts: Draft[] = [];
    // One by one: an action can have more than a call takes arguments.
    for (const [id, action] of subject.chain.actions) {
      for (const draft of check(subject, id, action)) drafts.push(draft);
    }
    return drafts;
  };

export const subjectOf = (chain: Chain, known: Known): Subject => ({
  chain,
  graph: graphOf(chain),
  settings: effectiveSettings(chain),
  known,
  findNearest: createAdviser(),
});

/** Names compared for one list of problems; some 100 ms at the worst. */
const COMPARISONS_MAX = 100_000;

function createAdviser(): Subject['findNearest'] {
  let left = COMPARISONS_MAX;
  return (name, count, names) => {
    if (count > left) return undefined;
    left -= count;
    return findNearestName(name, names());
  };
}

/** UTF-16 units of a name in a message: keys, names and ids of definitions can be of any length. */
const NAME_LENGTH_MAX = 100;
const FIELD_LENGTH_MAX = 200;

/** A name that people chose, short enough for a sentence. Masked before it is cut: the rest of a credential is one too. */
export const printName = (name: string): string => clipText(maskCredentials(name), NAME_LENGTH_MAX);

/** A place in an action as a person reads it: `inputs.list[1].deep`. A long one keeps its beginning and its end. */
export function printField(path: JsonPath): string {
  const parts = path.map((segment, i) =>
    typeof segment === 'number' ? `[${segment}]` : `${i === 0 ? '' : '.'}${printName(segment)}`,
  );
  const whole = parts.join('');
  if (whole.length <= FIELD_LENGTH_MAX) return whole;
  return `${parts.slice(0, 2).join('')}…${parts.at(-1)}`;
}

/** ` Did you mean x?`, or nothing. */
export const didYouMean = (nearest: string | undefined): string =>
  nearest === undefined ? '' : ` Did you mean ${nearest}?`;

/** The definition that an action calls: looked up under the id that the connection has for it. */
export function definitionOf(
  { definitions, idMap }: KnownDefinitions,
  { definition_id }: Pick<Action, 'definition_id'>,
): Definition | undefined {
  return definitions?.get(idMap?.get(definition_id) ?? definition_id);
}
