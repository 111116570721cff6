import { type Action, type Chain, dependenciesOf, effectiveSettings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import { actionToJson } from '@/lib/chain/print-chain';
import { clipText } from '@/lib/clip-text';
import { formatPointer, type JsonPath } from '@/lib/json/pointer';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '@/lib/json/value';
import type { KnownDefinitions } from '@/lib/problems/draft';
import { PROBLEM_SEVERITY, type Problem } from '@/lib/problems/problem';
import { err, ok, type Result } from '@/lib/result';
import { checkValue, withDefaults } from '@/lib/schema/json-schema';
import { isTemplate } from '@/lib/template/parse-template';
import { escapeForJinja } from './jinja-literal';
import { findMappingLosses, findPassedOver } from './mapping-losses';
import { writeInput } from './write-input';

export interface MappingRequest {
  /** Without errors: what cannot be rendered here is not written for others. */
  readonly chain: Chain;
  /** As a run would be given it; defaults of the chain's schema are filled in. */
  readonly input: JsonValue | undefined;
  /** Output schemas of definitions tell which values are texts anyway. */
  readonly known: KnownDefinitions;
}

export interface Mapping {
  /** The chain as the mapping says it: same ids, nothing but the three keys. */
  readonly actions: ReadonlyMap<ActionId, Action>;
  readonly losses: readonly Problem[];
}

/**
 * The chain as the tutorial's mapping, `{id: {definition_id, depends_on, inputs}}`, with the input written in place of
 * `input.*`. Actions that no run calls are left out. A key that the chain does not have is not added.
 *
 * The errors are about the input: it is missing, its schema refuses it, or a template cannot use it. `losses` name what
 * a runner of mappings would do otherwise.
 */
export function buildMapping({ chain, input, known }: MappingRequest): Result<Mapping, readonly Problem[]> {
  const filled = fillInput(chain, input);
  if (!filled.ok) return filled;
  const passedOver = findPassedOver(chain);
  const { binding, undefinedMode } = effectiveSettings(chain);
  const faults: Problem[] = [];
  const actions = new Map<ActionId, Action>();
  for (const [id, action] of chain.actions) {
    if (passedOver.has(id)) continue;
    const write = (text: string, path: JsonPath): JsonValue => {
      // Sent as it stands here, whatever the binding: Jinja2 would turn CR into LF and drop a newline at the end.
      if (!isTemplate(text)) return escapeForJinja(text);
      const written = writeInput({ text, input: filled.value, binding, undefinedMode });
      if (written.ok) return written.value;
      const message = `${id}, ${clipText(path.join('.'), 200)}: the template ${written.error.replace(/\.$/, '')}.`;
      faults.push(fault(['actions', id, ...path], message, id));
      return text;
    };
    actions.set(id, {
      definition_id: action.definition_id,
      ...(action.depends_on === undefined
        ? {}
        : { depends_on: dependenciesOf(action).filter((from) => !passedOver.has(from)) }),
      ...(action.inputs === undefined ? {} : { inputs: writeTexts(action.inputs, ['inputs'], write) }),
      extra: new Map(),
    });
  }
  if (faults.length > 0) return err(faults);
  return ok({ actions, losses: findMappingLosses({ chain, input: filled.value, known, passedOver }) });
}

export const mappingToJson = ({ actions }: Mapping): JsonObject =>
  new Map([...actions].map(([id, action]) => [id, actionToJson(action)]));

function fillInput(chain: Chain, input: JsonValue | undefined): Result<JsonValue | undefined, readonly Problem[]> {
  if (input === undefined || chain.inputs === undefined) return ok(input);
  const filled = withDefaults(chain.inputs, input);
  const violations = checkValue(chain.inputs, filled);
  if (violations.length === 0) return ok(filled);
  return err(
    violations.map(({ path, message }) => ({
      code: 'schema' as const,
      severity: PROBLEM_SEVERITY.schema,
      message,
      path: `/input${path}`,
    })),
  );
}

/** The same JSON with every text at any depth put through `write`; keys are no templates. */
function writeTexts(value: JsonValue, path: JsonPath, write: (text: string, path: JsonPath) => JsonValue): JsonValue {
  if (typeof value === 'string') return write(value, path);
  if (isJsonArray(value)) return value.map((item, index) => writeTexts(item, [...path, index], write));
  if (!isJsonObject(value)) return value;
  return new Map([...value].map(([key, item]) => [key, writeTexts(item, [...path, key], write)] as const));
}

const fault = (at: JsonPath, message: string, action: ActionId): Problem => ({
  code: 'reference_field_unknown',
  severity: PROBLEM_SEVERITY.reference_field_unknown,
  message,
  path: formatPointer(at),
  action,
});
