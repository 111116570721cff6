import {
  type Action,
  type Chain,
  dependenciesOf,
  type EffectiveSettings,
  effectivePolicy,
  effectiveSettings,
  inputsOf,
} from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { isLocalId } from '@/lib/definition/definition';
import { templateFieldsOf } from '@/lib/edit/action-references';
import { graphOf } from '@/lib/graph/chain-graph';
import { planOrder } from '@/lib/graph/plan-order';
import { findAtPath, formatPointer, type JsonPath } from '@/lib/json/pointer';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { listNames } from '@/lib/list-names';
import { definitionOf, type KnownDefinitions } from '@/lib/problems/draft';
import { PROBLEM_SEVERITY, type Problem } from '@/lib/problems/problem';
import { describeType, schemaAtPath } from '@/lib/schema/json-schema';
import { INPUT_NAME } from '@/lib/template/compile-expression';
import { parseTemplate } from '@/lib/template/parse-template';
import { findReferences } from '@/lib/template/references';
import { type IsTextAt, isSurelyText } from './surely-text';

/** A chain as a runner of mappings would have it. */
export interface MappedChain {
  readonly chain: Chain;
  readonly input: JsonValue | undefined;
  readonly known: KnownDefinitions;
  /** Actions that no run of the chain calls: {@link findPassedOver}. */
  readonly passedOver: ReadonlySet<ActionId>;
}

/**
 * The actions that a run passes over whatever happens: disabled ones, and those that wait for one of them without
 * `run_if: "all_done"`. In the order of the plan; none for a chain that has no order.
 */
export function findPassedOver(chain: Chain): ReadonlySet<ActionId> {
  const passedOver = new Set<ActionId>();
  const order = planOrder(graphOf(chain));
  for (const id of order.ok ? order.value.flat() : []) {
    const action = chain.actions.get(id)!;
    const isHeldBack = action.run_if !== 'all_done' && dependenciesOf(action).some((from) => passedOver.has(from));
    if (action.disabled === true || isHeldBack) passedOver.add(id);
  }
  return passedOver;
}

/**
 * What a runner that knows `definition_id`, `depends_on` and `inputs` alone would do otherwise than the chain: one call
 * after the other, every template rendered to text by a strict Jinja2, halt at the first failure, repeats of its own
 * after 429. The chain's own settings first, then action by action in document order.
 *
 * Not among them is what changes no call and no outcome: `max_concurrency`, `effect`, labels, notes, `x-` keys; and what
 * the runner is told elsewhere: the timeout of all calls, how often it repeats after 429.
 */
export function findMappingLosses(mapped: MappedChain): readonly Problem[] {
  const { chain, passedOver } = mapped;
  const settings = effectiveSettings(chain);
  const mappedActions = [...chain.actions].filter(([id]) => !passedOver.has(id));
  return [
    ...findSettingsLosses(chain, settings, mappedActions),
    ...[...chain.actions].flatMap(([id, action]) => {
      if (action.disabled === true) return [disabledLoss(mapped, id)];
      return passedOver.has(id) ? [] : findActionLosses(mapped, settings, id, action);
    }),
  ];
}

function findSettingsLosses(
  { settings: written }: Chain,
  settings: EffectiveSettings,
  actions: readonly (readonly [ActionId, Action])[],
): readonly Problem[] {
  const losses: Problem[] = [];
  const add = (key: string, message: string, ...rest: readonly string[]): void => {
    losses.push(loss(['settings', key, ...rest], message));
  };
  if (settings.undefinedMode === 'lenient' && actions.some(([, action]) => readsOutputs(action))) {
    add('undefined', 'undefined is lenient: a value that is not there prints nothing here, and fails the call there.');
  }
  if (settings.deadlineMs !== null) {
    add('deadline_sec', 'deadline_sec ends a run here; there it goes on until its last call.');
  }
  if (settings.onFailure === 'continue' && actions.some(([, { on_failure }]) => on_failure === undefined)) {
    add('on_failure', 'on_failure is continue: a failure stops only what waits for it here, and the whole run there.');
  }
  const inherits = ([, { retry }]: readonly [ActionId, Action]): boolean =>
    retry?.on === undefined && retry?.max_attempts === undefined;
  if (written?.retry?.on !== undefined && actions.some(inherits)) {
    const kinds = repeatedKinds(settings.retry);
    if (kinds !== '') add('retry', `A call that failed by ${kinds} is repeated here; there it ends the run.`, 'on');
  }
  if (settings.webhook !== null) add('webhook', 'The webhook is told the status of a run here; there nobody is.');
  return losses;
}

function findActionLosses(
  mapped: MappedChain,
  settings: EffectiveSettings,
  id: ActionId,
  action: Action,
): readonly Problem[] {
  const losses: Problem[] = [];
  const add = (path: JsonPath, message: string): void => {
    losses.push(loss(['actions', id, ...path], `${id}: ${message}`, id));
  };
  if (isLocalId(action.definition_id)) {
    add(['definition_id'], 'it calls an imported definition, which no tenant knows by this id; there the call fails.');
  }
  if (!isJsonObject(inputsOf(action))) {
    add(['inputs'], 'its inputs are no object, and the runner takes nothing else.');
  }
  if (settings.binding === 'typed') for (const path of typedFields(mapped, action)) add(path, TYPED_LOST);
  if (action.when !== undefined) add(['when'], 'it has a condition here; there it is called always.');
  if (action.run_if === 'all_done' && dependenciesOf(action).length > 0) {
    add(['run_if'], 'it starts here also when what it waits for failed or was skipped; there a failure ends the run.');
  }
  const policy = effectivePolicy(settings, action);
  if (action.timeout_sec !== undefined && policy.timeoutMs !== settings.timeoutMs) {
    add(['timeout_sec'], 'it has a timeout of its own here; there one timeout holds for all calls.');
  }
  if (action.retry?.on !== undefined || action.retry?.max_attempts !== undefined) {
    const kinds = repeatedKinds(policy.retry);
    const key = action.retry.on === undefined ? 'max_attempts' : 'on';
    if (kinds !== '') add(['retry', key], `after ${kinds} it is called again here; there that ends the run.`);
  }
  if (action.on_failure === 'continue') {
    add(['on_failure'], 'its failure stops only what waits for it here, and the whole run there.');
  }
  if (action.on_failure === 'fallback') {
    add(['fallback'], 'when it fails, its fallback stands in here; there the run ends.');
  }
  return losses;
}

const TYPED_LOST =
  'the value keeps its type here; there it is sent as text. Where it is a text anyway, nothing is lost.';

function disabledLoss({ chain, passedOver }: MappedChain, id: ActionId): Problem {
  const waiting = findWaiting(chain, id, passedOver);
  const left = `${id} is disabled, which a mapping cannot say: it is left out`;
  const message = waiting.length === 0 ? `${left}.` : `${left}, and so is what waits for it: ${listNames(waiting)}.`;
  return { ...loss(['actions', id, 'disabled'], message, id), ...(waiting.length === 0 ? {} : { related: waiting }) };
}

/** Those passed over because of one disabled action, in document order of first mention. */
function findWaiting(chain: Chain, id: ActionId, passedOver: ReadonlySet<ActionId>): readonly ActionId[] {
  const { successors } = graphOf(chain);
  const met = new Set([id]);
  for (const at of met) {
    for (const next of successors.get(at) ?? []) {
      const action = chain.actions.get(next)!;
      if (passedOver.has(next) && action.disabled !== true && action.run_if !== 'all_done') met.add(next);
    }
  }
  return [...met].slice(1);
}

/** What is repeated beside 429, which the runner repeats too; empty when nothing is. */
const repeatedKinds = ({ on, maxAttempts }: EffectiveSettings['retry']): string =>
  maxAttempts < 2 ? '' : on.filter((kind) => kind !== 'rate_limited').join(', ');

/** Fields of one template that reads an output whose value is not known to be a text. */
function typedFields(mapped: MappedChain, action: Action): readonly JsonPath[] {
  const isTextAt = textKnowledge(mapped);
  return templateFieldsOf(action).flatMap(({ path, text }) => {
    if (path[0] !== 'inputs' || !readsOutput(text)) return [];
    const parsed = parseTemplate(text);
    const single = parsed.ok ? parsed.value.single : null;
    return single === null || isSurelyText(single.expression, isTextAt) ? [] : [path];
  });
}

const textKnowledge =
  ({ chain, input, known }: MappedChain): IsTextAt =>
  ([name, ...fields]) => {
    if (name === INPUT_NAME) return input !== undefined && typeof findAtPath(input, fields) === 'string';
    const source = chain.actions.get(name as ActionId);
    const schema = source === undefined ? null : (definitionOf(known, source)?.outputSchema ?? null);
    const found = schema === null ? undefined : schemaAtPath(schema, fields);
    return found !== undefined && describeType(found.schema) === 'string';
  };

const readsOutput = (text: string): boolean => findReferences(text).some(({ path }) => path[0] !== INPUT_NAME);

const readsOutputs = (action: Action): boolean =>
  templateFieldsOf(action).some(({ path, text }) => path[0] === 'inputs' && readsOutput(text));

const loss = (at: JsonPath, message: string, action?: ActionId): Problem => ({
  code: 'mapping_lossy',
  severity: PROBLEM_SEVERITY.mapping_lossy,
  message,
  path: formatPointer(at),
  ...(action === undefined ? {} : { action }),
});
