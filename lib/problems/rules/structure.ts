import { type Action, dependenciesOf } from '@/lib/chain/chain';
import { type ActionId, freshActionId, isNameableInTemplate } from '@/lib/chain/ids';
import { carriesData } from '@/lib/edit/action-references';
import { adviseEdges } from '@/lib/edit/edge-advice';
import { type Edge, predecessorsOf, successorsOf } from '@/lib/graph/chain-graph';
import { type Cycle, findCycles } from '@/lib/graph/cycles';
import { printCycle } from '@/lib/graph/print-path';
import type { JsonPath } from '@/lib/json/pointer';
import { type Draft, didYouMean, type Rule, type Subject } from '../draft';
import type { ProblemFix } from '../problem';

/** What is wrong with ids and edges themselves. */
export const findStructureProblems: Rule = (subject) => [
  ...missingDependencies(subject),
  ...cycles(subject),
  ...doubtfulEdges(subject),
  ...unnameableIds(subject),
];

const placeOf = ({ chain }: Subject, { from, to }: Edge): JsonPath => [
  'actions',
  to,
  'depends_on',
  dependenciesOf(chain.actions.get(to)!).indexOf(from),
];

const cutFix = (label: string, edge: Edge, isSafe: boolean): ProblemFix => ({
  label,
  edit: { type: 'disconnect', edges: [edge] },
  isSafe,
});

const missingDependencies = (subject: Subject): readonly Draft[] =>
  subject.graph.missing.map((edge) => {
    const nearest = subject.findNearest(edge.from, subject.graph.actionIds.length, () => subject.graph.actionIds);
    return {
      code: 'dependency_missing',
      action: edge.to,
      at: placeOf(subject, edge),
      message: `${edge.to} depends on ${edge.from}, and there is no such action.${didYouMean(nearest)}`,
      fix: cutFix(`Remove the dependency on ${edge.from}`, edge, false),
    };
  });

function cycles(subject: Subject): readonly Draft[] {
  const found = findCycles(subject.graph, ({ from, to }) => carriesData(subject.chain, from, to));
  return found.map((cycle) => (cycle.cycle.length === 1 ? selfDependency(subject, cycle) : loop(subject, cycle)));
}

const selfDependency = (subject: Subject, { cycle, cut }: Cycle): Draft => ({
  code: 'dependency_self',
  action: cut.to,
  at: placeOf(subject, cut),
  message: `${cut.to} depends on itself.`,
  related: cycle,
  fix: cutFix(`Remove the dependency of ${cut.to} on itself`, cut, true),
});

function loop(subject: Subject, { cycle, cut }: Cycle): Draft {
  const [first] = cycle;
  // Every edge of it may carry data; then no cut is free, and a person has to choose.
  const isFree = !carriesData(subject.chain, cut.from, cut.to);
  return {
    code: 'cycle',
    action: first!,
    at: placeOf(subject, { from: cycle.at(-1)!, to: first! }),
    message: `These actions wait for one another: ${printCycle(cycle)}.${isFree ? '' : ' Templates read over each of these edges.'}`,
    related: cycle,
    ...(isFree ? { fix: cutFix(`Cut ${cut.from} → ${cut.to}, which no template uses`, cut, false) } : {}),
  };
}

function doubtfulEdges(subject: Subject): readonly Draft[] {
  const { redundant, orderOnly } = adviseEdges(subject.chain);
  const mentionsFirst = redundant.length === 0 ? () => false : findFirstMentions(subject);
  const drafts: Draft[] = [];
  for (const edge of redundant) drafts.push(redundantEdge(subject, edge, !mentionsFirst(edge)));
  for (const edge of orderOnly) drafts.push(orderOnlyEdge(subject, edge));
  return drafts;
}

function redundantEdge(subject: Subject, edge: Edge, isSafe: boolean): Draft {
  return rememberDraft(subject, edge, `redundant ${isSafe}`, () => ({
    code: 'edge_redundant',
    action: edge.to,
    at: placeOf(subject, edge),
    message: `${edge.to} waits for ${edge.from} anyway, through other actions, and no template of it reads ${edge.from}.`,
    related: [edge.from],
    fix: cutFix(`Remove ${edge.from} → ${edge.to}`, edge, isSafe),
  }));
}

function orderOnlyEdge(subject: Subject, edge: Edge): Draft {
  return rememberDraft(subject, edge, 'order-only', () => ({
    code: 'edge_order_only',
    action: edge.to,
    at: placeOf(subject, edge),
    message: `${edge.to} waits for ${edge.from}, but no template of it reads ${edge.from}: the edge only orders.`,
    related: [edge.from],
  }));
}

interface Remembered {
  readonly what: string;
  readonly draft: Draft;
}

const draftsByAction = new WeakMap<Action, Map<ActionId, Remembered>>();

/** A chain can have thousands of such edges, and what is said of one changes with its target alone. */
function rememberDraft({ chain }: Subject, { from, to }: Edge, what: string, make: () => Draft): Draft {
  const action = chain.actions.get(to)!;
  const drafts = draftsByAction.get(action) ?? new Map<ActionId, Remembered>();
  if (drafts.size === 0) draftsByAction.set(action, drafts);
  const known = drafts.get(from);
  if (known?.what === what && known.draft.action === to) return known.draft;
  const draft = make();
  drafts.set(from, { what, draft });
  return draft;
}

/**
 * Which edges say first that there is an action which waits for nothing. Such actions start in the order in which the
 * document mentions them, so without that edge another one may be first; any other redundant edge, and all of them at
 * once, can go without a change of the plan's order.
 */
function findFirstMentions({ chain, graph }: Subject): (edge: Edge) => boolean {
  const mentionedBy = new Map<ActionId, ActionId>();
  for (const [to, action] of chain.actions) {
    for (const id of [to, ...dependenciesOf(action)]) if (!mentionedBy.has(id)) mentionedBy.set(id, to);
  }
  return ({ from, to }) => mentionedBy.get(from) === to && predecessorsOf(graph, from).length === 0;
}

function unnameableIds({ chain, graph }: Subject): readonly Draft[] {
  // An id that some action waits for is spoken for, even where no action has it.
  const awaited = new Set<string>(graph.missing.map(({ from }) => from));
  const isTaken = (wish: string): boolean => chain.actions.has(wish as ActionId) || awaited.has(wish);
  return graph.actionIds
    .filter((id) => !isNameableInTemplate(id))
    .map((id) => {
      const to = freshActionId(id, isTaken);
      const places = 1 + successorsOf(graph, id).length;
      return {
        code: 'action_id_unnameable',
        action: id,
        at: ['actions', id],
        message: `No template can name “${id}”: only letters, digits and _ make a name, and words of the template language are taken.`,
        fix: {
          label: `Rename to ${to} (${places} ${places === 1 ? 'place' : 'places'})`,
          edit: { type: 'rename-action', from: id, to },
          isSafe: false,
        },
      };
    });
}
