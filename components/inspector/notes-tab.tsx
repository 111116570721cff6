import { useCommands } from '@/components/commands/command-context';
import { FIELD_LOOK, Field, TextInput } from '@/components/ui/field';
import type { Action } from '@/lib/chain/chain';
import type { ActionId } from '@/lib/chain/ids';

/** Words about the action that travel with the document. */
export function NotesTab({ actionId, action }: { readonly actionId: ActionId; readonly action: Action }) {
  const commands = useCommands();
  const patch = (change: { readonly label?: string | undefined; readonly notes?: string | undefined }): void => {
    commands.edit(
      { type: 'patch-action', id: actionId, patch: change },
      `notes ${actionId} ${Object.keys(change).join()}`,
    );
  };
  return (
    <div className="p-4">
      <Field label="Label on the card" hint="Templates keep using the id.">
        {(ids) => (
          <TextInput
            {...ids}
            value={action.label ?? ''}
            placeholder={actionId}
            onChange={(event) => patch({ label: event.target.value === '' ? undefined : event.target.value })}
          />
        )}
      </Field>
      <Field label="Notes">
        {(ids) => (
          <textarea
            {...ids}
            className={`${FIELD_LOOK} h-auto min-h-40 py-1.5`}
            value={action.notes ?? ''}
            placeholder="Why this action is here, whom to ask about it"
            onChange={(event) => patch({ notes: event.target.value === '' ? undefined : event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
