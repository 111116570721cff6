'use client';

import { type ReactNode, useState } from 'react';
import { ReactFlowProvider } from 'reactflow';
import { createEditorStore } from '@/components/editor-store/editor-store';
import { EditorStoreProvider, useEditor } from '@/components/editor-store/editor-store-provider';
import { DefinitionsProvider } from '@/components/palette/definitions-context';
import { ProblemsProvider } from '@/components/problems/problems-context';
import type { LocalDraft } from '@/components/saving/local-draft';
import type { SavedChain } from '@/lib/protocol/api';
import { DesignerFrame } from './designer-frame';
import { openWorkbench } from './open-workbench';
import { PageState } from './page-state';

/** Narrower windows give the canvas the room until an action is selected. */
const INSPECTOR_FROM_WIDTH = 1440;

/** The editor of one chain. */
export function Designer({ saved, draft }: { readonly saved: SavedChain; readonly draft: LocalDraft | null }) {
  const [opened] = useState(() => openWorkbench(saved, draft));
  const [store] = useState(() =>
    opened.ok ? createEditorStore(opened.value.workbench, Date.now, window.innerWidth >= INSPECTOR_FROM_WIDTH) : null,
  );
  if (!opened.ok || store === null) {
    return (
      <PageState title="The saved document cannot be read">
        {opened.ok ? null : (
          <ul>
            {opened.error.slice(0, 5).map((rejection) => (
              <li key={rejection.path + rejection.message}>
                <code>{rejection.path}</code> {rejection.message}
              </li>
            ))}
          </ul>
        )}
      </PageState>
    );
  }
  return (
    <EditorStoreProvider store={store}>
      <ReactFlowProvider>
        <WithDefinitions>
          <DesignerFrame chainId={saved.chainId} opened={opened.value} />
        </WithDefinitions>
      </ReactFlowProvider>
    </EditorStoreProvider>
  );
}

function WithDefinitions({ children }: { readonly children: ReactNode }) {
  const chosen = useEditor((state) => state.workbench.connectionId);
  return (
    <DefinitionsProvider chosenId={chosen}>
      <ProblemsProvider>{children}</ProblemsProvider>
    </DefinitionsProvider>
  );
}
