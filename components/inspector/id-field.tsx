import { useState } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { type ActionId, parseActionId } from '@/lib/chain/ids';

/** The id of an action, renamed in place: every reference to it follows. Enter takes it over, Escape gives it up; both lead back to the card. */
export function IdField({ actionId }: { readonly actionId: ActionId }) {
  const commands = useCommands();
  const store = useEditorStore();
  const [draft, setDraft] = useState<string | null>(null);
  const error = draft === null || draft === actionId ? null : errorOf(draft, store.getState().workbench.chain.actions);

  const commit = (): void => {
    if (draft !== null && draft !== actionId && error === null) {
      const isRenamed = commands.edit({ type: 'rename-action', from: actionId, to: draft as ActionId });
      if (isRenamed) store.getState().selectActions([draft as ActionId]);
    }
    setDraft(null);
  };

  return (
    <div className="relative min-w-0 flex-1">
      <input
        aria-label="Action id"
        aria-invalid={error !== null}
        className="-ml-2 h-8 w-full rounded-md border border-transparent bg-transparent px-2 text-base font-semibold text-text-1 hover:border-line-strong focus:border-accent"
        spellCheck={false}
        autoComplete="off"
        value={draft ?? actionId}
        onChange={(event) => setDraft(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            if (error !== null) return;
            event.currentTarget.blur();
            commands.focusCard((draft ?? actionId) as ActionId);
          }
          if (event.key === 'Escape') {
            event.stopPropagation();
            setDraft(null);
            commands.focusCard(actionId);
          }
        }}
      />
      {error !== null && (
        <p
          role="alert"
          className="absolute top-full left-0 z-10 rounded-md border border-line-strong bg-surface-overlay px-2 py-1 text-xs text-danger shadow-overlay"
        >
          {error}
        </p>
      )}
    </div>
  );
}

function errorOf(text: string, actions: ReadonlyMap<ActionId, unknown>): string | null {
  const id = parseActionId(text);
  if (!id.ok) return id.error;
  if (actions.has(id.value)) return 'Another action has this id.';
  return null;
}
