import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { Button, IconButton } from '@/components/ui/button';
import { FIELD_LOOK, Field, Select, TextInput } from '@/components/ui/field';
import { effectiveSettings, type Settings } from '@/lib/chain/chain';
import type { Numeral } from '@/lib/json/value';
import { propertiesOf } from '@/lib/schema/json-schema';
import { declareInput, INPUT_TYPES, removeInput } from './declare-input';
import { NumberField } from './number-field';

/** The chain itself, shown while no action is selected: its words, the inputs it takes, and what holds for every action. */
export function ChainTab() {
  const commands = useCommands();
  const chain = useEditor((state) => state.workbench.chain);
  const settings = effectiveSettings(chain);
  const setSetting = <Key extends keyof Settings>(key: Key, value: Settings[Key] | undefined): void => {
    const { [key]: _old, ...rest } = chain.settings ?? { extra: new Map() };
    const next = (value === undefined ? rest : { ...rest, [key]: value }) as Settings;
    const isEmpty = Object.keys(next).length === 1 && next.extra.size === 0;
    commands.edit({ type: 'patch-chain', patch: { settings: isEmpty ? undefined : next } }, `setting ${key}`);
  };

  return (
    <div className="min-h-0 flex-1 overflow-y-auto p-4">
      <h2 className="mb-3 text-base font-semibold">Chain</h2>
      <Field label="Description">
        {(ids) => (
          <textarea
            {...ids}
            className={`${FIELD_LOOK} h-auto min-h-16 py-1.5`}
            value={chain.description ?? ''}
            placeholder="What this chain is for"
            onChange={(event) =>
              commands.edit(
                {
                  type: 'patch-chain',
                  patch: { description: event.target.value === '' ? undefined : event.target.value },
                },
                'description',
              )
            }
          />
        )}
      </Field>
      <DeclaredInputs />
      <h3 className="mt-5 mb-2 text-xs font-semibold text-text-2">For every action</h3>
      <div className="grid grid-cols-2 gap-x-3">
        <NumberField
          label="Side by side at most"
          value={chain.settings?.max_concurrency as Numeral | undefined}
          placeholder={String(settings.maxConcurrency)}
          limits={{ min: 1, max: 64, isInteger: true }}
          onChange={(value) => setSetting('max_concurrency', value)}
        />
        <NumberField
          label="Timeout (seconds)"
          value={chain.settings?.timeout_sec as Numeral | undefined}
          placeholder={String(settings.timeoutMs / 1000)}
          limits={{ min: 0.1, max: 3600 }}
          onChange={(value) => setSetting('timeout_sec', value)}
        />
      </div>
      <NumberField
        label="Deadline of a run (seconds)"
        value={chain.settings?.deadline_sec ?? undefined}
        placeholder="none"
        limits={{ min: 0.1, max: 604_800 }}
        onChange={(value) => setSetting('deadline_sec', value)}
      />
      <Field label="When an action fails">
        {(ids) => (
          <Select
            {...ids}
            value={settings.onFailure}
            onChange={(event) => setSetting('on_failure', event.target.value as 'halt' | 'continue')}
          >
            <option value="halt">halt the run</option>
            <option value="continue">continue with what does not depend on it</option>
          </Select>
        )}
      </Field>
      <Field label="A template alone in its field gives" hint="The tutorial's runner always gives text.">
        {(ids) => (
          <Select
            {...ids}
            value={settings.binding}
            onChange={(event) => setSetting('binding', event.target.value as 'typed' | 'text')}
          >
            <option value="typed">the value with its type</option>
            <option value="text">text, as in the tutorial</option>
          </Select>
        )}
      </Field>
      <Field label="A template that reads nothing">
        {(ids) => (
          <Select
            {...ids}
            value={settings.undefinedMode}
            onChange={(event) => setSetting('undefined', event.target.value as 'strict' | 'lenient')}
          >
            <option value="strict">is an error (strict)</option>
            <option value="lenient">gives an empty text (lenient)</option>
          </Select>
        )}
      </Field>
    </div>
  );
}

/** The chain's own inputs: what `{{ input.account_id }}` reads. */
function DeclaredInputs() {
  const commands = useCommands();
  const schema = useEditor((state) => state.workbench.chain.inputs);
  const fields = schema === undefined ? [] : propertiesOf(schema);
  const [name, setName] = useState('');
  const [type, setType] = useState<(typeof INPUT_TYPES)[number]>('string');
  const isTaken = fields.some((field) => field.name === name);
  const add = (): void => {
    if (name === '' || isTaken) return;
    commands.edit({ type: 'patch-chain', patch: { inputs: declareInput(schema, name, type) } });
    setName('');
  };
  return (
    <section aria-label="Inputs of the chain">
      <h3 className="mb-1 text-xs font-semibold text-text-2">Inputs of the chain</h3>
      {fields.length === 0 && (
        <p className="mb-2 text-text-3">None yet. Templates read them as {'{{ input.name }}'}.</p>
      )}
      <ul className="mb-2">
        {fields.map((field) => (
          <li key={field.name} className="flex items-center gap-2">
            <code className="min-w-0 flex-1 truncate text-xs">
              {field.name}
              {field.isRequired && <span className="text-danger"> *</span>}
            </code>
            <span className="text-xs text-text-3">{field.type}</span>
            <IconButton
              label={`Remove the input ${field.name}`}
              onClick={() =>
                schema !== undefined &&
                commands.edit({ type: 'patch-chain', patch: { inputs: removeInput(schema, field.name) } })
              }
            >
              <X size={14} />
            </IconButton>
          </li>
        ))}
      </ul>
      <div className="flex gap-2">
        <TextInput
          aria-label="Name of a new input"
          placeholder="account_id"
          className="min-w-0 flex-1 font-mono"
          value={name}
          onChange={(event) => setName(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && add()}
        />
        <Select
          aria-label="Type of the new input"
          className="!w-28"
          value={type}
          onChange={(event) => setType(event.target.value as typeof type)}
        >
          {INPUT_TYPES.map((item) => (
            <option key={item}>{item}</option>
          ))}
        </Select>
        <Button icon={<Plus size={14} aria-hidden />} onClick={add} disabled={name === '' || isTaken}>
          Add
        </Button>
      </div>
      {isTaken && <p className="mt-1 text-xs text-danger">This input is already there.</p>}
    </section>
  );
}
