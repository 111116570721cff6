'use client';

import { useQueryClient } from '@tanstack/react-query';
import { PanelBottomOpen, PanelLeftClose, PanelLeftOpen, PanelRightOpen } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { toast } from 'sonner';
import { ChainCanvas } from '@/components/canvas/chain-canvas';
import { Announcer } from '@/components/commands/announcer';
import { CommandProvider } from '@/components/commands/command-context';
import { useKeymap } from '@/components/commands/use-keymap';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { useFileDrop } from '@/components/exchange/use-file-drop';
import { Inspector } from '@/components/inspector/inspector';
import { DefinitionPalette } from '@/components/palette/definition-palette';
import { useDefinitions } from '@/components/palette/definitions-context';
import { useProblems } from '@/components/problems/problems-context';
import { ProblemsPanel } from '@/components/problems/problems-panel';
import { RunDock } from '@/components/run/run-dock';
import { type RunControls, useRun } from '@/components/run/use-run';
import { ConflictView } from '@/components/saving/conflict-view';
import { useAutosave } from '@/components/saving/use-autosave';
import { createChain } from '@/components/server-data/api-client';
import { IconButton } from '@/components/ui/button';
import { DropOverlay } from '@/components/ui/drop-overlay';
import { shownChainName } from '@/lib/chain/chain-name';
import { DesignerWindows } from './designer-windows';
import { newWorkbench } from './new-workbench';
import { type Opened, printBench } from './open-workbench';
import { TopBar } from './top-bar';
import { type DesignerWindow, useEditorCommands } from './use-editor-commands';
import { useToastPlace } from './use-toast-place';

/** Everything around the canvas, and the wiring between its parts. */
export function DesignerFrame({ chainId, opened }: { readonly chainId: string; readonly opened: Opened }) {
  const store = useEditorStore();
  const saving = useAutosave(store, chainId, opened);
  const run = useRun(store, chainId, saving.flush);
  const [shownWindow, setShownWindow] = useState<DesignerWindow | null>(null);
  const definitions = useLatest(useDefinitions());
  const problems = useLatest(useProblems());
  const commands = useEditorCommands({ store, definitions, problems, run, openWindow: setShownWindow });
  const dropFiles = useCallback((files: readonly File[]) => setShownWindow({ type: 'import', files }), []);
  const isDropping = useFileDrop(shownWindow === null ? dropFiles : null);
  const router = useRouter();
  const queries = useQueryClient();
  const [isHydrated, setIsHydrated] = useState(false);
  useEffect(() => setIsHydrated(true), []);
  const name = useEditor((state) => state.workbench.chain.name);
  useEffect(() => {
    document.title = `${shownChainName(name)} · Chainwright`;
  }, [name]);

  const openNew = useCallback(async () => {
    const created = await createChain(printBench(newWorkbench()));
    if (!created.ok) {
      toast.error('No new chain was made', { description: created.error.message });
      return;
    }
    await queries.invalidateQueries({ queryKey: ['chains'] });
    router.push(`/chains/${created.value.chainId}`);
  }, [router, queries]);

  return (
    <CommandProvider commands={commands}>
      <main className="flex h-full min-w-[1024px] flex-col overflow-hidden" data-hydrated={isHydrated || undefined}>
        <TopBar
          saveState={saving.state}
          onSamples={() => setShownWindow({ type: 'samples' })}
          onNew={() => void openNew()}
        />
        <Panels run={run} />
        <DesignerWindows shown={shownWindow} onClose={() => setShownWindow(null)} />
        <ConflictView chainId={chainId} saving={saving} draft={opened.conflicting} />
        <DropOverlay isShown={isDropping} />
        <Announcer />
      </main>
    </CommandProvider>
  );
}

/** Reads the newest value at the moment of use, so that commands stay the same objects. */
function useLatest<T>(value: T): () => T {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  return useCallback(() => latest.current, []);
}

const GRIP =
  'relative z-10 bg-line-subtle outline-none transition-colors hover:bg-accent focus-visible:bg-accent data-[separator=active]:bg-accent';

function Panels({ run }: { readonly run: RunControls }) {
  useKeymap();
  const store = useEditorStore();
  const isPaletteOpen = useEditor((state) => state.isPaletteOpen);
  const isInspectorOpen = useEditor((state) => state.isInspectorOpen);
  const dockTab = useEditor((state) => state.dockTab);
  const problemCount = useProblems().length;

  return (
    <Group orientation="horizontal" className="min-h-0 flex-1">
      <Panel id="work" minSize={480}>
        <Group orientation="vertical">
          <Panel id="upper" minSize={160}>
            <Group orientation="horizontal">
              {isPaletteOpen && (
                <>
                  <Panel
                    id="palette"
                    defaultSize={240}
                    minSize={200}
                    maxSize={360}
                    groupResizeBehavior="preserve-pixel-size"
                  >
                    <DefinitionPalette />
                  </Panel>
                  <Separator aria-label="Width of the palette" className={`w-px ${GRIP}`} />
                </>
              )}
              <Panel id="canvas" minSize={240}>
                <CanvasWithToggles />
              </Panel>
            </Group>
          </Panel>
          {dockTab !== null && (
            <>
              <Separator aria-label="Height of the dock" className={`h-px ${GRIP}`} />
              <Panel id="dock" defaultSize={280} minSize={140} groupResizeBehavior="preserve-pixel-size">
                <RunDock
                  onStop={() => void run.stop()}
                  onRunAgain={() => void run.run()}
                  onResume={() => void run.resume()}
                  onClose={() => store.getState().openDock(null)}
                  problemsTab={<ProblemsPanel />}
                  problemCount={problemCount}
                />
              </Panel>
            </>
          )}
        </Group>
      </Panel>
      {isInspectorOpen && (
        <>
          <Separator aria-label="Width of the inspector" className={`w-px ${GRIP}`} />
          <Panel id="inspector" defaultSize={400} minSize={320} maxSize={640} groupResizeBehavior="preserve-pixel-size">
            <Inspector />
          </Panel>
        </>
      )}
    </Group>
  );
}

function CanvasWithToggles() {
  const store = useEditorStore();
  const isPaletteOpen = useEditor((state) => state.isPaletteOpen);
  const isInspectorOpen = useEditor((state) => state.isInspectorOpen);
  const isDockOpen = useEditor((state) => state.dockTab !== null);
  const frame = useRef<HTMLDivElement>(null);
  useToastPlace(frame);
  return (
    <div ref={frame} className="relative h-full">
      <ChainCanvas />
      <div className="pointer-events-none absolute inset-x-2 top-2 flex justify-between *:pointer-events-auto">
        <IconButton
          label={isPaletteOpen ? 'Hide the palette' : 'Show the palette'}
          look="secondary"
          onClick={() => store.getState().togglePalette()}
        >
          {isPaletteOpen ? <PanelLeftClose size={16} /> : <PanelLeftOpen size={16} />}
        </IconButton>
        <div className="flex gap-1">
          {!isDockOpen && (
            <IconButton label="Show the run" look="secondary" onClick={() => store.getState().openDock('run')}>
              <PanelBottomOpen size={16} />
            </IconButton>
          )}
          {!isInspectorOpen && (
            <IconButton
              label="Show the inspector"
              look="secondary"
              onClick={() => store.getState().openInspector(store.getState().inspectorTab)}
            >
              <PanelRightOpen size={16} />
            </IconButton>
          )}
        </div>
      </div>
    </div>
  );
}
