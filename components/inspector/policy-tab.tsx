import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { pointerBelowAction } from '@/components/problems/problem-place';
import { useActionProblems } from '@/components/problems/problems-context';
import { TemplateField } from '@/components/template-field/template-field';
import { Field, Select } from '@/components/ui/field';
import { type Action, effectivePolicy, effectiveSettings, type RetryOverrides } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { ActionPatch } from '@/lib/edit/edit';
import { parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { isNumeralText, Numeral } from '@/lib/json/value';
import { DraftInput } from './draft-input';
import { useCompletionScope } from './field-scope';

/** How one action is called and what its failure means. Empty fields take the chain's setting, shown as placeholder. */
export function PolicyTab({ actionId, action }: { readonly actionId: ActionId; readonly action: Action }) {
  const commands = useCommands();
  const settings = effectiveSettings(useEditor((state) => state.workbench.chain));
  const policy = effectivePolicy(settings, action);
  const scope = useCompletionScope(actionId);
  const problems = useActionProblems(actionId);
  const patch = (change: ActionPatch): boolean =>
    commands.edit(
      { type: 'patch-action', id: actionId, patch: change },
      `policy ${actionId} ${Object.keys(change).join()}`,
    );
  const patchRetry = (key: 'max_attempts' | 'initial_delay_sec', value: Numeral | undefined): void => {
    const { [key]: _old, ...rest } = action.retry ?? { extra: new Map() };
    const retry: RetryOverrides = value === undefined ? rest : { ...rest, [key]: value };
    const isEmpty = Object.keys(retry).length === 1 && retry.extra.size === 0;
    patch({ retry: isEmpty ? undefined : retry });
  };

  return (
    <div className="p-4">
      <div className="grid grid-cols-2 gap-x-3">
        <NumberField
          label="Timeout (seconds)"
          value={action.timeout_sec}
          placeholder={String(policy.timeoutMs / 1000)}
          limits={{ min: 0.1, max: 3600 }}
          onChange={(value) => patch({ timeout_sec: value })}
        />
        <NumberField
          label="Attempts at most"
          value={action.retry?.max_attempts}
          placeholder={String(policy.retry.maxAttempts)}
          limits={{ min: 1, max: 100, isInteger: true }}
          onChange={(value) => patchRetry('max_attempts', value)}
        />
      </div>
      <p className="-mt-1 mb-3 text-xs text-text-3">
        Tried again after: {policy.retry.on.length === 0 ? 'nothing' : policy.retry.on.join(', ').replaceAll('_', ' ')}.
        First pause {policy.retry.initialDelayMs / 1000} s, then × {policy.retry.multiplier}, at most{' '}
        {policy.retry.maxDelayMs / 1000} s.
      </p>
      <Field
        label="Effect of the call"
        hint="A call in doubt after a crash is repeated only if it reads or is idempotent."
      >
        {(ids) => (
          <Select
            {...ids}
            value={action.effect ?? ''}
            onChange={(event) =>
              patch({
                effect: event.target.value === '' ? undefined : (event.target.value as NonNullable<Action['effect']>),
              })
            }
          >
            <option value="">write (default)</option>
            <option value="read">read</option>
            <option value="idempotent">idempotent</option>
            <option value="write">write</option>
          </Select>
        )}
      </Field>
      <Field label="When it fails">
        {(ids) => (
          <Select
            {...ids}
            value={action.on_failure ?? ''}
            onChange={(event) =>
              patch({
                on_failure:
                  event.target.value === '' ? undefined : (event.target.value as NonNullable<Action['on_failure']>),
              })
            }
          >
            <option value="">
              {settings.onFailure === 'halt' ? 'halt the run (from the chain)' : 'continue (from the chain)'}
            </option>
            <option value="halt">halt the run</option>
            <option value="continue">continue: only what depends on it is skipped</option>
            <option value="fallback">use the fallback output</option>
          </Select>
        )}
      </Field>
      {(action.on_failure === 'fallback' || action.fallback !== undefined) && (
        <Field label="Fallback output (JSON)">
          {(ids) => (
            <DraftInput
              {...ids}
              isMultiline
              value={action.fallback === undefined ? '' : printJson(action.fallback)}
              check={(text) => {
                const parsed = parseJson(text);
                return parsed.ok ? null : parsed.error.message;
              }}
              onCommit={(text) => {
                const parsed = parseJson(text);
                if (parsed.ok) patch({ fallback: parsed.value });
              }}
            />
          )}
        </Field>
      )}
      <div className="mb-3">
        <span className="mb-1 block text-xs font-medium text-text-2">Condition</span>
        <TemplateField
          label={`Condition of ${actionId}`}
          value={action.when ?? ''}
          placeholder="{{ fetch_customer.tier == 'gold' }}: skipped when false"
          scope={scope}
          problems={problems
            .filter((problem) => pointerBelowAction(problem) === '/when')
            .map(({ severity, message, range }) => ({ severity, message, ...(range === undefined ? {} : { range }) }))}
          onChange={(text) => patch({ when: text === '' ? undefined : text })}
        />
      </div>
      <Field label="Starts when">
        {(ids) => (
          <Select
            {...ids}
            value={action.run_if ?? ''}
            onChange={(event) =>
              patch({
                run_if: event.target.value === '' ? undefined : (event.target.value as NonNullable<Action['run_if']>),
              })
            }
          >
            <option value="">all it depends on completed (default)</option>
            <option value="all_completed">all it depends on completed</option>
            <option value="all_done">all it depends on ended, however</option>
          </Select>
        )}
      </Field>
      <label className="flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          checked={action.disabled === true}
          onChange={(event) => patch({ disabled: event.target.checked ? true : undefined })}
        />
        Disabled: passed over in every run
      </label>
    </div>
  );
}

/** A number with its spelling, taken over when it is in its limits; until then the field says what is wrong. */
export function NumberField({
  label,
  value,
  placeholder,
  limits,
  onChange,
}: {
  readonly label: string;
  readonly value: Numeral | undefined;
  readonly placeholder: string;
  readonly limits: { readonly min: number; readonly max: number; readonly isInteger?: boolean };
  readonly onChange: (value: Numeral | undefined) => void;
}) {
  const check = (text: string): string | null => {
    const number = Number(text);
    if (text === '') return null;
    const fits =
      isNumeralText(text) &&
      number >= limits.min &&
      number <= limits.max &&
      (!limits.isInteger || Number.isInteger(number));
    return fits ? null : `A ${limits.isInteger ? 'whole ' : ''}number from ${limits.min} to ${limits.max}.`;
  };
  return (
    <Field label={label}>
      {(ids) => (
        <DraftInput
          {...ids}
          inputMode="decimal"
          value={value?.text ?? ''}
          placeholder={placeholder}
          check={check}
          onCommit={(text) => onChange(text === '' ? undefined : new Numeral(text))}
        />
      )}
    </Field>
  );
}
