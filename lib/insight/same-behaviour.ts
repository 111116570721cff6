import {
  type Action,
  type Chain,
  dependenciesOf,
  type EffectiveSettings,
  effectivePolicy,
  effectiveSettings,
  inputsOf,
} from '@/lib/chain/chain';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { isSameJson, type JsonValue } from '@/lib/json/value';

/**
 * Whether a run of either chain asks, calls, repeats and gives the same, whatever the answers: the same actions under
 * the same ids, in the same order, with the same inputs, conditions, policies and settings in force.
 *
 * What it passes over is the chain's name and description, labels, notes, `x-` keys, `$schema`, a default that is written
 * out, another spelling of a limit (`30` and `30.0` seconds), and an order of actions or dependencies that leads to the
 * same plan. When in doubt it says no: inputs, fallbacks and the schema of the chain's inputs count as they are
 * spelled, and a renamed action gives its result another key.
 */
export function isSameBehaviour(before: Chain, after: Chain): boolean {
  if (before.actions.size !== after.actions.size) return false;
  const settings = effectiveSettings(before);
  if (JSON.stringify(settings) !== JSON.stringify(effectiveSettings(after))) return false;
  if (!isSameOrAbsent(before.inputs, after.inputs)) return false;
  for (const [id, action] of before.actions) {
    const other = after.actions.get(id);
    if (other === undefined || !isSameAction(settings, action, other)) return false;
  }
  return isSamePlan(before, after);
}

function isSameAction(settings: EffectiveSettings, action: Action, other: Action): boolean {
  if (action === other) return true;
  return (
    action.definition_id === other.definition_id &&
    action.when === other.when &&
    (action.disabled ?? false) === (other.disabled ?? false) &&
    isSameJson(inputsOf(action), inputsOf(other)) &&
    isSameOrAbsent(action.fallback, other.fallback) &&
    JSON.stringify(effectivePolicy(settings, action)) === JSON.stringify(effectivePolicy(settings, other)) &&
    isSameSet(dependenciesOf(action), dependenciesOf(other))
  );
}

const isSameOrAbsent = (a: JsonValue | undefined, b: JsonValue | undefined): boolean =>
  a === undefined || b === undefined ? a === b : isSameJson(a, b);

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  const others = new Set(b);
  const own = new Set(a);
  return own.size === others.size && [...own].every((item) => others.has(item));
}

/** Chains that wait in a circle have no order as a whole, but their sound parts run: those must be written alike. */
function isSamePlan(before: Chain, after: Chain): boolean {
  const [graph, otherGraph] = [graphOf(before), graphOf(after)];
  const [order, otherOrder] = [planOrder(graph), planOrder(otherGraph)];
  if (order.ok && otherOrder.ok) return isSameList(order.value.flat(), otherOrder.value.flat());
  return (
    order.ok === otherOrder.ok &&
    isSameList(graph.actionIds, otherGraph.actionIds) &&
    isSameList(graph.mentionOrder, otherGraph.mentionOrder)
  );
}

const isSameList = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((item, index) => item === b[index]);
