import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor } from '@/components/editor-store/editor-store-provider';
import { isUnmapped, useDefinition, useDefinitions } from '@/components/palette/definitions-context';
import { messageWithinAction, pointerBelowAction } from '@/components/problems/problem-place';
import { useActionProblems } from '@/components/problems/problems-context';
import { TemplateField } from '@/components/template-field/template-field';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Select, TextInput } from '@/components/ui/field';
import { type Action, inputsOf } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';
import type { Definition } from '@/lib/definition/definition';
import { formatPointer } from '@/lib/json/pointer';
import { isJsonObject, type JsonValue } from '@/lib/json/value';
import { propertiesOf } from '@/lib/schema/json-schema';
import { useCompletionScope, usePreviewScope } from './field-scope';
import { previewOf } from './preview-of';
import { isOpenType, textOfValue, valueOfText } from './value-text';

interface InputRow {
  readonly name: string;
  readonly type: string;
  readonly description: string;
  readonly isRequired: boolean;
  /** The definition names it; otherwise only the document has it. */
  readonly isDeclared: boolean;
  readonly isContractKnown: boolean;
  readonly value: JsonValue | undefined;
}

/** The inputs of one action: those of the definition first, then what the document has besides. */
export function InputsTab({ actionId, action }: { readonly actionId: ActionId; readonly action: Action }) {
  const commands = useCommands();
  const definition = useDefinition(action.definition_id);
  const inputs = inputsOf(action);
  const schema = definition?.inputSchema ?? null;

  if (!isJsonObject(inputs)) {
    return (
      <div className="p-4">
        <DefinitionField actionId={actionId} action={action} />
        <InputField
          actionId={actionId}
          path={[]}
          row={{
            name: 'inputs',
            type: '',
            description: 'The inputs are one value, not named fields.',
            isRequired: false,
            isDeclared: true,
            isContractKnown: true,
            value: inputs,
          }}
        />
      </div>
    );
  }

  const known = schema === null ? [] : propertiesOf(schema);
  const knownNames = new Set(known.map((field) => field.name));
  const rows: InputRow[] = [
    ...known.map((field) => ({ ...field, isDeclared: true, isContractKnown: true, value: inputs.get(field.name) })),
    ...[...inputs]
      .filter(([name]) => !knownNames.has(name))
      .map(([name, value]) => ({
        name,
        type: '',
        description: '',
        isRequired: false,
        isDeclared: false,
        isContractKnown: schema !== null,
        value,
      })),
  ];

  return (
    <div className="p-4">
      <DefinitionField actionId={actionId} action={action} />
      {rows.length === 0 && (
        <p className="mb-3 text-text-2">
          {schema === null
            ? 'Which inputs this definition takes is not known. Add those that it needs.'
            : 'This definition takes no inputs.'}
        </p>
      )}
      {rows.map((row) => (
        <InputField key={row.name} actionId={actionId} path={[row.name]} row={row} />
      ))}
      <AddInput
        taken={new Set(rows.map((row) => row.name))}
        onAdd={(name) => commands.edit({ type: 'set-input', id: actionId, path: [name], value: '' })}
      />
    </div>
  );
}

function DefinitionField({ actionId, action }: { readonly actionId: ActionId; readonly action: Action }) {
  const commands = useCommands();
  const { catalog, imported, idMap, byId } = useDefinitions();
  const definition = byId.get(action.definition_id) ?? null;
  const offered = catalog?.state === 'available' ? catalog.definitions : null;
  const isListed = [...(offered ?? []), ...imported].some(({ id }) => id === action.definition_id);
  const choose = (definitionId: string): void => {
    commands.edit(
      { type: 'patch-action', id: actionId, patch: { definition_id: definitionId } },
      `definition ${actionId}`,
    );
  };
  return (
    <Field
      label="Definition"
      hint={
        isUnmapped(action.definition_id, idMap) ? (
          <NotMapped />
        ) : definition !== null ? (
          definition.description
        ) : offered !== null ? (
          'The connection does not offer this id.'
        ) : undefined
      }
    >
      {(ids) =>
        offered !== null ? (
          <Select {...ids} value={action.definition_id} onChange={(event) => choose(event.target.value)}>
            {!isListed && <option value={action.definition_id}>{definition?.name ?? action.definition_id}</option>}
            {offered.map((item) => (
              <DefinitionOption key={item.id} definition={item} />
            ))}
            {imported.length > 0 && (
              <optgroup label="Imported">
                {imported.map((item) => (
                  <DefinitionOption key={item.id} definition={item} />
                ))}
              </optgroup>
            )}
          </Select>
        ) : (
          <TextInput
            {...ids}
            className="font-mono"
            value={action.definition_id}
            onChange={(event) => event.target.value !== '' && choose(event.target.value)}
          />
        )
      }
    </Field>
  );
}

const DefinitionOption = ({ definition }: { readonly definition: Definition }) => (
  <option value={definition.id}>{definition.name}</option>
);

function NotMapped() {
  const commands = useCommands();
  return (
    <span className="text-warning">
      Imported from a file; the connection does not know it.{' '}
      <button type="button" className="underline" onClick={commands.openConnectionMap}>
        Map it
      </button>
    </span>
  );
}

function InputField({
  actionId,
  path,
  row,
}: {
  readonly actionId: ActionId;
  readonly path: readonly string[];
  readonly row: InputRow;
}) {
  const commands = useCommands();
  const completion = useCompletionScope(actionId);
  const { scope, missing } = usePreviewScope(actionId);
  const settings = useEditor((state) => state.workbench.chain.settings);
  const focused = useEditor((state) => state.focusedField);
  const pointer = `/inputs${formatPointer(path)}`;
  const problems = useActionProblems(actionId).filter((problem) => {
    const at = pointerBelowAction(problem);
    return at === pointer || at.startsWith(`${pointer}/`);
  });
  const [chosenType, setChosenType] = useState<'text' | 'JSON'>('text');
  // What already is no text can only be meant as JSON; the choice is for what is typed next.
  const isJson = row.value !== undefined && typeof row.value !== 'string';
  const openType = isJson ? 'JSON' : chosenType;
  const type = isOpenType(row.type) ? openType : row.type;
  const text = textOfValue(row.value);
  const isNotJson = type === 'JSON' && typeof row.value === 'string' && !/\{[{%]/.test(row.value);
  const isStructured = row.value !== null && typeof row.value === 'object' && text.includes('\n');

  const set = (value: JsonValue | undefined): void => {
    commands.edit({ type: 'set-input', id: actionId, path, value }, `input ${actionId} ${pointer}`);
  };

  return (
    <div className="mb-4">
      <div className="mb-1 flex items-baseline gap-2">
        <span className="min-w-0 truncate font-mono text-xs font-medium" title={row.description}>
          {row.name}
          {row.isRequired && (
            <span className="text-danger" title="required">
              {' '}
              *
            </span>
          )}
        </span>
        <span className="flex-1 truncate text-xs text-text-3">
          {isOpenType(row.type) && (row.isDeclared || !row.isContractKnown)
            ? ''
            : row.isDeclared
              ? row.type
              : 'not in the definition'}
        </span>
        {isOpenType(row.type) && (
          <select
            aria-label={`What ${row.name} is`}
            className="-my-1 h-6 rounded-sm bg-transparent text-xs text-text-2 hover:bg-surface-hover"
            value={openType}
            onChange={(event) => {
              const next = event.target.value as typeof chosenType;
              setChosenType(next);
              const value = next === 'text' ? text : valueOfText(text, 'JSON');
              if (row.value !== undefined && value !== undefined) set(value);
            }}
          >
            <option value="text">text</option>
            <option value="JSON">JSON</option>
          </select>
        )}
        {row.value !== undefined && path.length > 0 && (
          <IconButton
            label={`Remove ${row.name}`}
            className="-my-1 !h-6 !w-6"
            onClick={() => commands.edit({ type: 'set-input', id: actionId, path, value: undefined })}
          >
            <X size={13} />
          </IconButton>
        )}
      </div>
      <TemplateField
        label={`${row.name} of ${actionId}`}
        value={text}
        placeholder={row.description === '' ? 'A value, or {{ a template }}' : row.description}
        isMultiline={isStructured || /\b(object|list)\b/.test(row.type)}
        scope={completion}
        preview={previewOf({ value: row.value, scope, missing, settings })}
        problems={[
          ...(isNotJson ? [{ severity: 'warning' as const, message: 'This is no JSON yet; it is kept as text.' }] : []),
          ...problems.map((problem) => ({
            severity: problem.severity,
            message: messageWithinAction(problem),
            ...(problem.range === undefined || isStructured ? {} : { range: problem.range }),
            ...(problem.fix === undefined
              ? {}
              : {
                  fix: {
                    label: problem.fix.label,
                    apply: () => problem.fix !== undefined && void commands.edit(problem.fix.edit),
                  },
                }),
          })),
        ]}
        {...(focused?.actionId === actionId &&
        (focused.pointer === pointer || focused.pointer.startsWith(`${pointer}/`))
          ? { focusRequest: focused.request }
          : {})}
        onChange={(next) => {
          const value = valueOfText(next, type);
          if (row.value === undefined && value === undefined) return;
          // A field that only the document has keeps its row while it is empty: it would vanish under the caret.
          set(value === undefined && !row.isDeclared ? '' : value);
        }}
      />
    </div>
  );
}

function AddInput({ taken, onAdd }: { readonly taken: ReadonlySet<string>; readonly onAdd: (name: string) => void }) {
  const [name, setName] = useState<string | null>(null);
  if (name === null) {
    return (
      <Button look="quiet" icon={<Plus size={14} aria-hidden />} onClick={() => setName('')}>
        Add an input
      </Button>
    );
  }
  const isTaken = taken.has(name);
  const add = (): void => {
    if (name !== '' && !isTaken) onAdd(name);
    setName(null);
  };
  return (
    <Field label="Name of the input" error={isTaken ? 'This input is already there.' : null}>
      {(ids) => (
        <div className="flex gap-2">
          <TextInput
            {...ids}
            autoFocus
            className="font-mono"
            value={name}
            onChange={(event) => setName(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') add();
              if (event.key === 'Escape') setName(null);
            }}
          />
          <Button onClick={add} disabled={name === '' || isTaken}>
            Add
          </Button>
        </div>
      )}
    </Field>
  );
}
