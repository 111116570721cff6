'use client';

import { type ReactNode, useEffect, useState } from 'react';
import { ReactFlowProvider } from 'reactflow';
import { settlePlaces } from '@/components/canvas/settle-places';
import { createEditorStore } from '@/components/editor-store/editor-store';
import { EditorStoreProvider, useEditor } from '@/components/editor-store/editor-store-provider';
import { DefinitionsProvider } from '@/components/palette/definitions-context';
import { ProblemsProvider } from '@/components/problems/problems-context';
import type { LocalDraft } from '@/components/saving/local-draft';
import type { SavedChain } from '@/lib/protocol/api';
import { DesignerFrame } from './designer-frame';
import { type Opened, openWorkbench } from './open-workbench';
import { PageState } from './page-state';
import { isUnplaced, placeOpened } from './place-opened';

/** Narrower windows give the canvas the room until an action is selected. */
const INSPECTOR_FROM_WIDTH = 1440;

/** The editor of one chain. */
export function Designer({ saved, draft }: { readonly saved: SavedChain; readonly draft: LocalDraft | null }) {
  const [opened] = useState(() => openWorkbench(saved, draft));
  if (!opened.ok) {
    return (
      <PageState title="The saved document cannot be read">
        <ul>
          {opened.error.slice(0, 5).map((rejection) => (
            <li key={rejection.path + rejection.message}>
              <code>{rejection.path}</code> {rejection.message}
            </li>
          ))}
        </ul>
      </PageState>
    );
  }
  return <Placed chainId={saved.chainId} opened={opened.value} />;
}

/** Waits until every card has a place: cards that move after they are shown are cards that are lost. */
function Placed({ chainId, opened }: { readonly chainId: string; readonly opened: Opened }) {
  const [placed, setPlaced] = useState<Opened | null>(() =>
    isUnplaced(opened) ? null : { ...opened, workbench: settlePlaces(opened.workbench) },
  );
  useEffect(() => {
    if (!isUnplaced(opened)) return;
    let isLeft = false;
    void placeOpened(opened).then((answer) => {
      if (!isLeft) setPlaced(answer);
    });
    return () => {
      isLeft = true;
    };
  }, [opened]);
  if (placed === null) return <PageState title="Laying out the chain…" isBusy />;
  return <Editor chainId={chainId} opened={placed} />;
}

function Editor({ chainId, opened }: { readonly chainId: string; readonly opened: Opened }) {
  const [store] = useState(() =>
    createEditorStore(opened.workbench, Date.now, window.innerWidth >= INSPECTOR_FROM_WIDTH),
  );
  return (
    <EditorStoreProvider store={store}>
      <ReactFlowProvider>
        <WithDefinitions>
          <DesignerFrame chainId={chainId} opened={opened} />
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
