import { type ActionFailure, buildFailure } from '@/lib/failure/action-failure';
import { parseTrustedJson } from '@/lib/json/parse-json';
import { printCompactJson } from '@/lib/json/print-json';
import type { JsonText } from '@/lib/json/value';
import type { Plan, PlanStep } from '@/lib/plan/plan';
import { err, ok, type Result } from '@/lib/result';
import { type BindFailure, bindInputs, evaluateCondition, type Scope } from '@/lib/template/bind-inputs';

/** What a step's `when` and templates come to at its turn. */
export type ResolvedStep =
  | { readonly type: 'condition-false' }
  | {
      readonly type: 'ready';
      readonly inputs: JsonText;
      readonly warnings: readonly { readonly code: string; readonly path: string }[];
    };

/** Evaluates the condition, then the inputs. A failure means that no call is made. */
export function resolveStep(
  { when, inputs }: PlanStep,
  { binding, undefinedMode }: Plan,
  scope: Scope,
): Result<ResolvedStep, ActionFailure> {
  if (when !== null) {
    const condition = evaluateCondition({ when, scope, undefinedMode });
    if (!condition.ok) return err(templateFailure(condition.error, '/when'));
    if (!condition.value) return ok({ type: 'condition-false' });
  }
  if (!hasTemplate(inputs)) return ok({ type: 'ready', inputs, warnings: [] });
  const bound = bindInputs({ inputs: parseTrustedJson(inputs), scope, binding, undefinedMode });
  if (!bound.ok) return err(templateFailure(bound.error, bound.error.path));
  return ok({ type: 'ready', inputs: printCompactJson(bound.value.value), warnings: bound.value.warnings });
}

/** Text without these marks is sent as it stands; `{` is never escaped in the text that we print. */
const hasTemplate = (text: string): boolean => /\{[{%#]/.test(text);

const templateFailure = ({ message, line, column, length }: BindFailure, path: string): ActionFailure =>
  buildFailure({ kind: 'template_error', message, wasSent: false, where: { path, line, column, length } });
