import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { pointerBelowAction } from '@/components/problems/problem-place';
import { useActionProblems } from '@/components/problems/problems-context';
import { TemplateField } from '@/components/template-field/template-field';
import { Field, Select } from '@/components/ui/field';
import { type Action, effectivePolicy, effectiveSettings } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { ActionPatch } from '@/lib/edit/edit';
import { parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { DraftInput } from './draft-input';
import { useCompletionScope } from './field-scope';
import { NumberField } from './number-field';
import { RetryFields } from './retry-fields';

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

  return (
    <div className="p-4">
      <NumberField
        label="Timeout (seconds)"
        value={action.timeout_sec}
        placeholder={String(policy.timeoutMs / 1000)}
        limits={{ min: 0.1, max: 3600 }}
        onChange={(value) => patch({ timeout_sec: value })}
      />
      <RetryFields action={action} policy={policy.retry} onChange={(retry) => patch({ retry })} />
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
          placeholder="{{ fetch_customer.tier == 'gold' }}"
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
