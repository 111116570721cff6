import {
  type Action,
  type Chain,
  type EffectiveSettings,
  effectivePolicy,
  effectiveSettings,
  inputsOf,
} from '@/lib/chain/chain';
import type { ActionId, RunId } from '@/lib/chain/ids';
import { hashChain, printChain } from '@/lib/chain/print-chain';
import type { ConnectionMap } from '@/lib/definition/connection-map';
import type { Answer } from '@/lib/failure/answer';
import { type ChainGraph, graphOf, predecessorsOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { printCycle } from '@/lib/graph/print-path';
import { findAncestors } from '@/lib/graph/reach';
import type { Body } from '@/lib/json/body';
import { parseJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import { isJsonArray, isJsonObject, type JsonText, type JsonValue } from '@/lib/json/value';
import { findChainProblems, type Known, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { PROBLEM_SEVERITY, type Problem, type ProblemCode } from '@/lib/problems/problem';
import { err, invariant, ok, type Result } from '@/lib/result';
import { checkValue, withDefaults } from '@/lib/schema/json-schema';
import { findReferences } from '@/lib/template/references';
import type { Plan, PlanConnection, PlanStep, StepSource } from './plan';
import type { RunRequest } from './run-request';

/** Settings that flags of one run may change; what is absent stays as the document has it. Milliseconds. */
export type SettingOverrides = Partial<
  Pick<EffectiveSettings, 'binding' | 'undefinedMode' | 'maxConcurrency' | 'timeoutMs' | 'deadlineMs' | 'webhook'>
>;

export interface PlanRequest {
  readonly chain: Chain;
  readonly runId: RunId;
  /** The chain's input as a person or program gave it; defaults of the schema are filled in here. */
  readonly input: JsonText;
  readonly connection: PlanConnection;
  /** Id in the document → id that is called. Null where every id is called as it stands, as the simulator does. */
  readonly idMap: ConnectionMap | null;
  readonly request: RunRequest;
  /** Outputs that stand for calls. Ids that the chain does not have are passed over. */
  readonly pins: ReadonlyMap<ActionId, JsonText>;
  /** Answers that stand for calls: the n-th for attempt n, the last repeats. */
  readonly mocks?: ReadonlyMap<ActionId, readonly Answer[]>;
  /** JSON pointers of literals that a person said are no secrets; every other one in a credential's form stops the run. */
  readonly allowedLiterals?: readonly string[];
  readonly onDoubt: Plan['onDoubt'];
  /** A new `Idempotency-Key`, one for each step. */
  readonly newCallKey: () => string;
  readonly overrides?: SettingOverrides;
  /** On a simulator, status webhooks leave only when a person asked for them. Default false. */
  readonly isWebhookAskedFor?: boolean;
}

/**
 * What a run of the chain will do, or every problem that stands against it: errors of the actions that it would call and of
 * what these wait for, and an input that the chain's schema refuses (paths below `/input`). Problems elsewhere in the
 * chain do not matter: a sound part of a broken chain runs.
 *
 * A pinned action needs nobody. What only pinned actions wait for is left out of a run up to one action, unless a
 * template further down reads it.
 *
 * The plan holds its bodies inline whatever their size, so that plan and log are the whole run.
 */
export function buildPlan(wish: PlanRequest): Result<Plan, readonly Problem[]> {
  const { chain, request, pins } = wish;
  const graph = graphOf(chain);
  if (request.type === 'up-to' && !chain.actions.has(request.actionId)) {
    return err([problem('dependency_missing', '/actions', `There is no action ${request.actionId} to run up to.`)]);
  }

  const waits = findWaits(chain, graph, pins);
  const planned = request.type === 'all' ? new Set(graph.actionIds) : reach([request.actionId], waits);
  const input = readInput(chain, wish.input);
  const against = [...findObstacles(wish, planned, waits), ...(input.ok ? [] : input.error)];
  if (!input.ok || against.length > 0) return err(against);

  const order = orderOf(graph, planned, waits);
  if (!order.ok) return err([cycleProblem(order.error)]);
  const settings = { ...effectiveSettings(chain), ...wish.overrides };
  return ok({
    runId: wish.runId,
    chainHash: hashChain(chain),
    input: inline(printCompactJson(input.value)),
    runAgainOf: null,
    maxConcurrency: settings.maxConcurrency,
    deadlineMs: settings.deadlineMs,
    onDoubt: wish.onDoubt,
    binding: settings.binding,
    undefinedMode: settings.undefinedMode,
    storeOutputs: true,
    connection: wish.connection,
    webhook: wish.connection.purpose === 'simulator' && wish.isWebhookAskedFor !== true ? null : settings.webhook,
    documentText: printChain(chain),
    overrides: describeOverrides(effectiveSettings(chain), wish.overrides ?? {}),
    steps: buildSteps(wish, settings, order.value, waits),
  });
}

const inline = (text: JsonText): Body => ({ type: 'inline', text });

/** By action: what it waits for in a run with these pins. */
type Waits = ReadonlyMap<ActionId, readonly ActionId[]>;

function findWaits(chain: Chain, graph: ChainGraph, pins: PlanRequest['pins']): Waits {
  const cut = new Map(graph.actionIds.map((id) => [id, pins.has(id) ? [] : predecessorsOf(graph, id)]));
  if (pins.size === 0) return cut;
  const waits = new Map<ActionId, readonly ActionId[]>();
  for (const [id, action] of chain.actions) {
    const direct = cut.get(id)!;
    const above = reach(direct, cut);
    const ancestors = pins.has(id) ? above : findAncestors(graph, id);
    // Pins may cut an action off from ancestors that its own templates still read.
    const readBeyond =
      above.size === ancestors.size
        ? []
        : [...namesRead(action)].filter((name) => ancestors.has(name) && !above.has(name));
    waits.set(id, [...direct, ...readBeyond]);
  }
  return waits;
}

/** The starts and all that they wait for. */
function reach(starts: readonly ActionId[], waits: Waits): ReadonlySet<ActionId> {
  const met = new Set(starts);
  for (const id of met) {
    for (const need of waits.get(id) ?? []) met.add(need);
  }
  return met;
}

function namesRead(action: Action): ReadonlySet<ActionId> {
  const names = new Set<ActionId>();
  const read = (text: string): void => {
    for (const { path } of findReferences(text)) names.add(path[0] as ActionId);
  };
  const walk = (value: JsonValue): void => {
    if (typeof value === 'string') read(value);
    else if (isJsonArray(value)) value.forEach(walk);
    else if (isJsonObject(value)) value.forEach(walk);
  };
  if (action.when !== undefined) read(action.when);
  walk(inputsOf(action));
  return names;
}

/** Errors of what would be called and of what that waits for; a pinned or passed-over action is not called. */
function findObstacles(
  { chain, pins, idMap, allowedLiterals }: PlanRequest,
  planned: ReadonlySet<ActionId>,
  waits: Waits,
): readonly Problem[] {
  const called = new Set([...planned].filter((id) => !pins.has(id) && chain.actions.get(id)?.disabled !== true));
  const matters = reach([...called], waits);
  const isAmong = (id: ActionId): boolean => matters.has(id) && !pins.has(id);
  const known: Known = { ...NOTHING_KNOWN, idMap, allowedLiterals: new Set(allowedLiterals) };
  return findChainProblems(chain, known).filter(({ code, severity, action, related }) => {
    // A warning while drawing; here there is nobody to call.
    if (code === 'definition_unmapped') return action !== undefined && called.has(action);
    if (severity !== 'error') return false;
    if (code === 'cycle') return (related ?? []).length > 0 ? related!.every(isAmong) : true;
    return action === undefined || isAmong(action);
  });
}

function readInput(chain: Chain, text: JsonText): Result<JsonValue, readonly Problem[]> {
  const parsed = parseJson(text);
  if (!parsed.ok) return err([problem(parsed.error.code, `/input${parsed.error.path}`, parsed.error.message)]);
  if (chain.inputs === undefined) return ok(parsed.value);
  const filled = withDefaults(chain.inputs, parsed.value);
  const violations = checkValue(chain.inputs, filled);
  if (violations.length === 0) return ok(filled);
  return err(violations.map(({ path, message }) => problem('schema', `/input${path}`, message)));
}

const problem = (code: ProblemCode, path: string, message: string): Problem => ({
  code,
  severity: PROBLEM_SEVERITY[code],
  message,
  path,
});

const cycleProblem = (cycle: readonly ActionId[]): Problem => ({
  ...problem('cycle', '/actions', `${printCycle(cycle)} is a cycle: none of them can start.`),
  related: cycle,
});

/**
 * The chain's own order among the planned actions. Only where pins are what breaks a cycle, the edges that they cut are
 * left out of it.
 */
function orderOf(
  graph: ChainGraph,
  planned: ReadonlySet<ActionId>,
  waits: Waits,
): Result<readonly ActionId[], readonly ActionId[]> {
  const among = (ids: readonly ActionId[]): readonly ActionId[] => ids.filter((id) => planned.has(id));
  const part = (waitsOf: (id: ActionId) => readonly ActionId[]): ChainGraph => {
    const actionIds = among(graph.actionIds);
    const predecessors = new Map(actionIds.map((id) => [id, among(waitsOf(id))]));
    const successors = new Map<ActionId, ActionId[]>(actionIds.map((id) => [id, []]));
    for (const [to, needs] of predecessors) {
      for (const from of needs) successors.get(from)?.push(to);
    }
    return { actionIds, mentionOrder: among(graph.mentionOrder), predecessors, successors, missing: [] };
  };
  const whole = planOrder(part((id) => predecessorsOf(graph, id)));
  const order = whole.ok ? whole : planOrder(part((id) => waits.get(id) ?? []));
  return order.ok ? ok(order.value.flat()) : err(order.error.cycle);
}

function buildSteps(
  { chain, idMap, pins, mocks, newCallKey }: PlanRequest,
  settings: EffectiveSettings,
  order: readonly ActionId[],
  waits: Waits,
): readonly PlanStep[] {
  const positionById = new Map(order.map((id, position) => [id, position]));
  return order.map((actionId, position) => {
    const action = chain.actions.get(actionId);
    invariant(action !== undefined, `the plan orders ${actionId}, which the chain does not have`);
    const { timeoutMs, retry, effect, runIf, onFailure } = effectivePolicy(settings, action);
    const needs = (waits.get(actionId) ?? []).flatMap((need) => positionById.get(need) ?? []);
    invariant(
      needs.every((need) => need < position),
      `${actionId} stands before something that it needs`,
    );
    return {
      actionId,
      definitionId: idMap?.get(action.definition_id) ?? action.definition_id,
      needs,
      runIf,
      when: action.when ?? null,
      inputs: printCompactJson(inputsOf(action)),
      timeoutMs,
      retry,
      effect,
      onFailure:
        onFailure === 'fallback'
          ? { type: 'fallback', output: inline(printCompactJson(action.fallback ?? null)) }
          : { type: onFailure },
      callKey: newCallKey(),
      source: sourceOf(action, pins.get(actionId), mocks?.get(actionId)),
    };
  });
}

/** A pin stands for the action even when it is disabled. */
function sourceOf(action: Action, pin: JsonText | undefined, answers: readonly Answer[] | undefined): StepSource {
  if (pin !== undefined) return { type: 'pinned', output: inline(pin) };
  if (action.disabled === true) return { type: 'disabled' };
  return answers === undefined ? { type: 'call' } : { type: 'mocked', answers };
}

function describeOverrides(written: EffectiveSettings, overrides: SettingOverrides): readonly string[] {
  const seconds = (ms: number | null): string => (ms === null ? 'none' : String(ms / 1000));
  const words: Record<keyof SettingOverrides, (settings: SettingOverrides) => string> = {
    binding: ({ binding }) => `binding: ${binding}`,
    undefinedMode: ({ undefinedMode }) => `undefined: ${undefinedMode}`,
    maxConcurrency: ({ maxConcurrency }) => `max_concurrency: ${maxConcurrency}`,
    timeoutMs: ({ timeoutMs }) => `timeout_sec: ${seconds(timeoutMs ?? null)}`,
    deadlineMs: ({ deadlineMs }) => `deadline_sec: ${seconds(deadlineMs ?? null)}`,
    webhook: ({ webhook }) => `webhook: ${webhook?.url ?? 'none'}`,
  };
  return (Object.keys(words) as (keyof SettingOverrides)[]).flatMap((key) => {
    if (!(key in overrides)) return [];
    const [now, before] = [words[key](overrides), words[key](written)];
    return now === before ? [] : [`${now} (was ${before.slice(before.indexOf(': ') + 2)})`];
  });
}
