'use client';

import { PanelRightClose } from 'lucide-react';
import { Tabs } from 'radix-ui';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import type { InspectorTab } from '@/components/editor-store/selection-slice';
import { AttemptDetails } from '@/components/run/attempt-details';
import { IconButton } from '@/components/ui/button';
import type { ActionId } from '@/lib/chain/ids';
import { ChainTab } from './chain-tab';
import { IdField } from './id-field';
import { InputsTab } from './inputs-tab';
import { NotesTab } from './notes-tab';
import { PolicyTab } from './policy-tab';
import { RelationsTab } from './relations-tab';

const TABS: readonly { readonly id: InspectorTab; readonly label: string }[] = [
  { id: 'inputs', label: 'Inputs' },
  { id: 'policy', label: 'Policy' },
  { id: 'last-run', label: 'Last run' },
  { id: 'relations', label: 'Relations' },
  { id: 'notes', label: 'Notes' },
];

/** What stands selected, in detail: one action, several, or the chain itself. */
export function Inspector() {
  const store = useEditorStore();
  const selectedIds = useEditor((state) => state.selectedIds);
  const [first] = selectedIds;
  return (
    <section aria-label="Inspector" className="flex h-full min-w-0 flex-col bg-surface-panel">
      {first === undefined ? (
        <ChainTab />
      ) : selectedIds.size > 1 ? (
        <div className="p-4">
          <h2 className="text-base font-semibold">{selectedIds.size} actions selected</h2>
          <ul className="mt-2 font-mono text-xs text-text-2">
            {[...selectedIds].map((id) => (
              <li key={id} className="py-0.5">
                {id}
              </li>
            ))}
          </ul>
        </div>
      ) : (
        <ActionInspector actionId={first} onClose={() => store.getState().openInspector(null)} />
      )}
    </section>
  );
}

function ActionInspector({ actionId, onClose }: { readonly actionId: ActionId; readonly onClose: () => void }) {
  const store = useEditorStore();
  const action = useEditor((state) => state.workbench.chain.actions.get(actionId));
  const tab = useEditor((state) => state.inspectorTab);
  if (action === undefined) return null;
  return (
    <Tabs.Root
      value={tab}
      onValueChange={(next) => store.getState().openInspector(next as InspectorTab)}
      className="flex min-h-0 flex-1 flex-col"
    >
      <header className="flex items-center gap-1 px-4 pt-3">
        <IdField key={actionId} actionId={actionId} />
        <IconButton label="Hide the inspector" onClick={onClose} className="-mr-2">
          <PanelRightClose size={16} />
        </IconButton>
      </header>
      <Tabs.List aria-label="About the action" className="flex gap-0.5 border-b border-line-subtle px-3 pt-1">
        {TABS.map(({ id, label }) => (
          <Tabs.Trigger
            key={id}
            value={id}
            className="-mb-px h-8 border-b-2 border-transparent px-2 text-sm whitespace-nowrap text-text-2 hover:text-text-1 data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-text-1"
          >
            {label}
          </Tabs.Trigger>
        ))}
      </Tabs.List>
      {TABS.map(({ id }) => (
        <Tabs.Content key={id} value={id} className="min-h-0 flex-1 overflow-y-auto outline-none">
          {id === 'inputs' && <InputsTab actionId={actionId} action={action} />}
          {id === 'policy' && <PolicyTab actionId={actionId} action={action} />}
          {id === 'last-run' && <AttemptDetails actionId={actionId} />}
          {id === 'relations' && <RelationsTab actionId={actionId} action={action} />}
          {id === 'notes' && <NotesTab actionId={actionId} action={action} />}
        </Tabs.Content>
      ))}
    </Tabs.Root>
  );
}
