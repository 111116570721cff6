'use client';

import { Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { DraftInput } from '@/components/inspector/draft-input';
import { isOpenType, textOfValue, valueOfText } from '@/components/inspector/value-text';
import { Button, IconButton } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Select, TextInput } from '@/components/ui/field';
import { sampleInputOf } from '@/lib/chain/sample-input';
import { parseJson } from '@/lib/json/parse-json';
import { printJson } from '@/lib/json/print-json';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { checkValue, propertiesOf } from '@/lib/schema/json-schema';

const FIRST_NAME = 'Sample 1';

/** Named sets of inputs for test runs: fields made from the chain's input schema, or the whole as JSON. */
export function SampleInputs({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const commands = useCommands();
  const workbench = useEditor((state) => state.workbench);
  const [asJson, setAsJson] = useState(false);
  const { sampleInputs, chain } = workbench;
  const names = [...sampleInputs.keys()];
  const name = workbench.sampleInputName ?? names[0] ?? FIRST_NAME;
  const value = sampleInputOf(workbench);
  const fields = chain.inputs === undefined ? [] : propertiesOf(chain.inputs);
  const violations = chain.inputs === undefined ? [] : checkValue(chain.inputs, value);

  const store = (next: JsonValue): void => {
    const edits = [
      { type: 'set-sample-input', name, value: next } as const,
      { type: 'choose-sample-input', name } as const,
    ];
    commands.edit(
      { type: 'batch', edits: workbench.sampleInputName === name ? edits.slice(0, 1) : edits },
      `sample ${name}`,
    );
  };
  const addSet = (): void => {
    let count = names.length + 1;
    while (sampleInputs.has(`Sample ${count}`)) count++;
    const fresh = `Sample ${count}`;
    commands.edit({
      type: 'batch',
      edits: [
        { type: 'set-sample-input', name: fresh, value },
        { type: 'choose-sample-input', name: fresh },
      ],
    });
  };

  return (
    <Dialog
      title="Sample inputs"
      description="What input.* reads in a test run. They lie beside the chain and are not exported with it."
      isOpen={isOpen}
      onClose={onClose}
      size="wide"
      footer={
        <>
          <Button look="quiet" onClick={() => setAsJson((current) => !current)}>
            {asJson ? 'Edit as fields' : 'Edit as JSON'}
          </Button>
          <Button look="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className="mb-4 flex items-end gap-2">
        <div className="flex-1">
          <Field label="Set">
            {(ids) => (
              <Select
                {...ids}
                value={name}
                onChange={(event) => commands.edit({ type: 'choose-sample-input', name: event.target.value })}
              >
                {(names.length === 0 ? [FIRST_NAME] : names).map((item) => (
                  <option key={item}>{item}</option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <div className="mb-3 flex gap-1">
          <IconButton label="Add a set" look="secondary" onClick={addSet}>
            <Plus size={15} />
          </IconButton>
          <IconButton
            label={`Delete the set ${name}`}
            look="secondary"
            disabled={!sampleInputs.has(name)}
            onClick={() =>
              commands.edit({
                type: 'batch',
                edits: [
                  { type: 'choose-sample-input', name: null },
                  { type: 'set-sample-input', name, value: undefined },
                ],
              })
            }
          >
            <Trash2 size={15} />
          </IconButton>
        </div>
      </div>
      {asJson || !isJsonObject(value) ? (
        <Field label="Input as JSON">
          {(ids) => (
            <DraftInput
              {...ids}
              isMultiline
              value={printJson(value)}
              check={(text) => {
                const parsed = parseJson(text);
                return parsed.ok ? null : parsed.error.message;
              }}
              onCommit={(text) => {
                const parsed = parseJson(text);
                if (parsed.ok) store(parsed.value);
              }}
            />
          )}
        </Field>
      ) : (
        fields.map((field) => (
          <Field
            key={field.name}
            label={`${field.name}${field.isRequired ? ' *' : ''}`}
            hint={field.description === '' ? field.type : field.description}
          >
            {(ids) => (
              <TextInput
                {...ids}
                value={textOfValue(value.get(field.name))}
                onChange={(event) => {
                  const next = valueOfText(event.target.value, isOpenType(field.type) ? 'JSON' : field.type);
                  const copy = new Map(value);
                  if (next === undefined) copy.delete(field.name);
                  else copy.set(field.name, next);
                  store(copy);
                }}
              />
            )}
          </Field>
        ))
      )}
      {fields.length === 0 && !asJson && (
        <p className="text-text-2">
          This chain declares no inputs. Declare them in the inspector while no action is selected, or edit this set as
          JSON.
        </p>
      )}
      {violations.length > 0 && (
        <ul role="alert" className="mt-2 text-xs text-danger">
          {violations.map((violation) => (
            <li key={`${violation.path} ${violation.message}`}>
              <code>{violation.path === '' ? 'input' : violation.path}</code>: {violation.message}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
