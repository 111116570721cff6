import type { ActionId } from '@/lib/chain/ids';
import { parseTrustedJson } from '@/lib/json/parse-json';
import type { JsonText, JsonValue } from '@/lib/json/value';
import type { PlanStep } from '@/lib/plan/plan';
import type { Scope } from '@/lib/template/bind-inputs';
import { findAncestorSets } from './ancestor-sets';
import { LazyScope } from './lazy-scope';

/** A step, and its output once it has one. */
interface StepOutput {
  readonly position: number;
  readonly step: PlanStep;
  readonly outputText: JsonText | null;
}

/**
 * The scope of each step's templates: the chain's input, and the outputs that its ancestors have by then. Nothing else is in
 * reach. Each text is parsed once in a run, when a template first asks for it.
 */
export function createScopes(
  steps: readonly StepOutput[],
  inputText: () => JsonText,
): (of: { readonly position: number }) => Scope {
  const stepById = new Map(steps.map((one) => [one.step.actionId, one]));
  const ancestors = findAncestorSets(steps.map(({ step }) => step.needs));
  const values = new Map<string, JsonValue>();

  const parseOnce = (name: string, text: JsonText): JsonValue => {
    const known = values.get(name);
    if (known !== undefined) return known;
    const value = parseTrustedJson(text);
    values.set(name, value);
    return value;
  };

  return ({ position }) => {
    const findOutput = (name: string): JsonText | undefined => {
      const other = stepById.get(name as ActionId);
      if (other === undefined || !ancestors.isAncestor(other.position, position)) return undefined;
      return other.outputText ?? undefined;
    };
    return new LazyScope({
      names: () => ['input', ...steps.map(({ step }) => step.actionId).filter((id) => findOutput(id) !== undefined)],
      isIn: (name) => name === 'input' || findOutput(name) !== undefined,
      find: (name) => {
        const text = name === 'input' ? inputText() : findOutput(name);
        return text === undefined ? undefined : parseOnce(name, text);
      },
    });
  };
}
