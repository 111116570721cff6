'use client';

import { useQuery } from '@tanstack/react-query';
import {
  AlertTriangle,
  ArrowRightLeft,
  Braces,
  CheckCheck,
  ChevronDown,
  CircleX,
  CloudOff,
  Download,
  Ellipsis,
  FilePlus2,
  LoaderCircle,
  Moon,
  Play,
  Redo2,
  Square,
  Sun,
  TriangleAlert,
  Undo2,
  Upload,
} from 'lucide-react';
import Link from 'next/link';
import { useState, useSyncExternalStore } from 'react';
import { useCommands } from '@/components/commands/command-context';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { isRunActive } from '@/components/editor-store/run-slice';
import { useDefinitions } from '@/components/palette/definitions-context';
import { useProblems } from '@/components/problems/problems-context';
import type { SaveState } from '@/components/saving/autosave';
import { connectionsQuery } from '@/components/server-data/queries';
import { Button, IconButton } from '@/components/ui/button';
import { Hint } from '@/components/ui/hint';
import { Menu } from '@/components/ui/menu';
import { PurposeBadge } from '@/components/ui/purpose-badge';
import { countMapped } from '@/lib/definition/connection-map';

/** What stands above the canvas: the chain's name, how it is saved, what is wrong, and Run. */
export function TopBar({
  saveState,
  onSamples,
  onNew,
}: {
  readonly saveState: SaveState;
  readonly onSamples: () => void;
  readonly onNew: () => void;
}) {
  const commands = useCommands();
  const isRunning = useEditor(isRunActive);
  const isStarting = useEditor((state) => state.isStartingRun);
  const sampleName = useEditor(
    (state) => state.workbench.sampleInputName ?? state.workbench.sampleInputs.keys().next().value ?? 'Sample input',
  );
  const canUndo = useEditor((state) => state.undoSteps.length > 0);
  const canRedo = useEditor((state) => state.redoSteps.length > 0);
  const theme = useThemeChoice();
  const selectedIds = useEditor((state) => state.selectedIds);
  const [only] = selectedIds;

  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b border-line-subtle bg-surface-panel px-3">
      <Hint text="All chains">
        <Link
          href="/chains"
          aria-label="All chains"
          className="grid size-8 place-items-center rounded-md text-accent-text hover:bg-surface-hover"
        >
          <Logo />
        </Link>
      </Hint>
      <ChainName />
      <SaveWords state={saveState} />
      <UndoButtons />
      <div className="flex-1" />
      <ProblemCount />
      <Button
        look="quiet"
        icon={<Braces size={15} aria-hidden />}
        onClick={onSamples}
        aria-label={`Sample inputs: ${sampleName}`}
      >
        <span className="max-w-28 truncate">{sampleName}</span>
      </Button>
      <ConnectionChoice />
      {isRunning ? (
        <Button look="danger" icon={<Square size={13} aria-hidden />} onClick={commands.stop}>
          Stop
        </Button>
      ) : (
        <div className="flex">
          <Hint text="Run the chain" keys="Ctrl Enter">
            <Button
              look="primary"
              className="rounded-r-none"
              disabled={isStarting}
              icon={<Play size={14} aria-hidden />}
              onClick={commands.run}
            >
              Run
            </Button>
          </Hint>
          <Menu
            trigger={
              <Button
                look="primary"
                aria-label="More ways to run"
                className="rounded-l-none border-l border-l-surface-panel/30 !px-1.5"
              >
                <ChevronDown size={14} aria-hidden />
              </Button>
            }
            items={[
              { label: 'Run the chain', keys: 'Ctrl Enter', onSelect: commands.run },
              {
                label: 'Run up to the selected action',
                keys: 'Shift Enter',
                isDisabled: selectedIds.size !== 1,
                onSelect: () => only !== undefined && commands.runUpTo(only),
              },
            ]}
          />
        </div>
      )}
      <Button icon={<Download size={15} aria-hidden />} onClick={commands.openExport}>
        Export
      </Button>
      <Menu
        trigger={
          <IconButton label="More" look="secondary">
            <Ellipsis size={16} />
          </IconButton>
        }
        items={[
          { label: 'New chain', icon: <FilePlus2 size={15} />, onSelect: onNew },
          { label: 'Import…', icon: <Upload size={15} />, onSelect: commands.openImport },
          null,
          { label: 'Undo', icon: <Undo2 size={15} />, keys: 'Ctrl Z', isDisabled: !canUndo, onSelect: commands.undo },
          {
            label: 'Redo',
            icon: <Redo2 size={15} />,
            keys: 'Ctrl Shift Z',
            isDisabled: !canRedo,
            onSelect: commands.redo,
          },
          null,
          { label: 'Tidy up the cards', keys: 'Shift Alt T', onSelect: commands.tidyUp },
          { label: 'Commands', keys: 'Ctrl K', onSelect: commands.openPalette },
          { label: 'Keyboard shortcuts', keys: '?', onSelect: commands.openShortcuts },
          null,
          {
            label: 'Light',
            icon: <Sun size={15} />,
            isChecked: theme === 'light',
            onSelect: () => chooseTheme('light'),
          },
          { label: 'Dark', icon: <Moon size={15} />, isChecked: theme === 'dark', onSelect: () => chooseTheme('dark') },
          { label: 'As the system', isChecked: theme === null, onSelect: () => chooseTheme(null) },
        ]}
      />
    </header>
  );
}

function UndoButtons() {
  const commands = useCommands();
  const canUndo = useEditor((state) => state.undoSteps.length > 0);
  const canRedo = useEditor((state) => state.redoSteps.length > 0);
  return (
    <div className="flex shrink-0">
      <IconButton label="Undo" keys="Ctrl Z" disabled={!canUndo} onClick={commands.undo}>
        <Undo2 size={15} aria-hidden />
      </IconButton>
      <IconButton label="Redo" keys="Ctrl Shift Z" disabled={!canRedo} onClick={commands.redo}>
        <Redo2 size={15} aria-hidden />
      </IconButton>
    </div>
  );
}

type Theme = 'light' | 'dark' | null;

/** What a person chose; null stands for what the system has. */
function useThemeChoice(): Theme {
  return useSyncExternalStore(watchTheme, readTheme, () => null);
}

function watchTheme(tell: () => void): () => void {
  window.addEventListener('chainwright:theme', tell);
  return () => window.removeEventListener('chainwright:theme', tell);
}

function readTheme(): Theme {
  try {
    const wish = localStorage.getItem('chainwright.theme');
    return wish === 'light' || wish === 'dark' ? wish : null;
  } catch {
    return null;
  }
}

function chooseTheme(theme: Theme): void {
  try {
    if (theme === null) localStorage.removeItem('chainwright.theme');
    else localStorage.setItem('chainwright.theme', theme);
  } catch {
    // Without storage the choice holds until the page is left.
    document.documentElement.dataset.theme = theme ?? 'light';
    return;
  }
  window.dispatchEvent(new Event('chainwright:theme'));
}

function Logo() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" fill="none" stroke="currentColor" strokeWidth="1.9" aria-hidden>
      <rect x="1.5" y="6" width="8.5" height="8" rx="4" />
      <rect x="10" y="6" width="8.5" height="8" rx="4" />
      <path d="M7 10h6" />
    </svg>
  );
}

function ChainName() {
  const commands = useCommands();
  const name = useEditor((state) => state.workbench.chain.name ?? '');
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== name) commands.edit({ type: 'patch-chain', patch: { name: draft } });
    setDraft(null);
  };
  return (
    <input
      aria-label="Name of the chain"
      className="field-sizing-content h-8 max-w-72 min-w-32 shrink truncate rounded-md border border-transparent bg-transparent px-2 text-base font-semibold text-text-1 placeholder:text-text-3 hover:border-line-strong focus:border-accent"
      placeholder="Unnamed chain"
      maxLength={200}
      spellCheck={false}
      value={draft ?? name}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') event.currentTarget.blur();
        if (event.key === 'Escape') setDraft(null);
      }}
    />
  );
}

/** Characters of a save state that the narrowest bar has room for. */
const SHORT_WORD = 10;

function SaveWords({ state }: { readonly state: SaveState }) {
  const words = {
    saved: {
      text: 'Saved',
      title: 'Saved on the server',
      icon: <CheckCheck size={14} aria-hidden />,
      tone: 'text-text-3',
    },
    saving: {
      text: 'Saving…',
      title: 'Being saved',
      icon: <LoaderCircle size={14} className="motion-safe:animate-spin" aria-hidden />,
      tone: 'text-text-3',
    },
    'device-only': {
      text: 'Saved on this device, server unreachable',
      title: 'Sent as soon as the server answers',
      icon: <CloudOff size={14} aria-hidden />,
      tone: 'text-warning',
    },
    conflict: {
      text: 'Conflict',
      title: 'Somebody else saved this chain',
      icon: <TriangleAlert size={14} aria-hidden />,
      tone: 'text-danger',
    },
    refused: {
      text: 'Not saved',
      title: state.status === 'refused' ? state.message : '',
      icon: <TriangleAlert size={14} aria-hidden />,
      tone: 'text-danger',
    },
  }[state.status];
  return (
    <Hint text={words.title === '' ? words.text : `${words.text}: ${words.title}`}>
      <span
        role="status"
        aria-label="Saving"
        className={`flex h-8 shrink-0 items-center gap-1.5 text-xs whitespace-nowrap ${words.tone}`}
      >
        {words.icon}
        {/* Narrower than 1280 px the bar has room for a short word alone; a long one is still spoken. */}
        <span className={words.text.length > SHORT_WORD ? 'max-xl:sr-only' : ''}>{words.text}</span>
      </span>
    </Hint>
  );
}

function ProblemCount() {
  const store = useEditorStore();
  const problems = useProblems();
  const errors = problems.filter((problem) => problem.severity === 'error').length;
  const warnings = problems.filter((problem) => problem.severity === 'warning').length;
  const words =
    errors + warnings === 0
      ? 'No problems'
      : [
          errors > 0 ? `${errors} ${errors === 1 ? 'error' : 'errors'}` : '',
          warnings > 0 ? `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}` : '',
        ]
          .filter(Boolean)
          .join(', ');
  return (
    <Button
      look="quiet"
      onClick={() => store.getState().openDock('problems')}
      aria-label={`Problems: ${words}`}
      className={errors > 0 ? '!text-danger' : warnings > 0 ? '!text-warning' : ''}
    >
      {errors > 0 ? (
        <CircleX size={15} aria-hidden />
      ) : warnings > 0 ? (
        <AlertTriangle size={15} aria-hidden />
      ) : (
        <CheckCheck size={15} aria-hidden />
      )}
      {words}
    </Button>
  );
}

/** Which tenant a run calls; its purpose is always in sight. */
function ConnectionChoice() {
  const commands = useCommands();
  const chosen = useEditor((state) => state.workbench.connectionId);
  const { data } = useQuery(connectionsQuery);
  const connections = data?.connections ?? [];
  const current = connections.find((item) => item.id === chosen) ?? connections.find((item) => item.isDefault);
  const mapped = useMappedWords();
  if (current === undefined) return null;
  return (
    <Menu
      trigger={
        <Button look="quiet" aria-label={`Connection: ${current.name}, ${current.purpose}`}>
          {current.name.toLowerCase() !== current.purpose && <span className="max-w-32 truncate">{current.name}</span>}
          <PurposeBadge purpose={current.purpose} />
        </Button>
      }
      items={[
        ...connections.map((item) => ({
          label: item.name,
          hint: item.baseUrl,
          isChecked: item.id === current.id,
          onSelect: () =>
            void commands.edit({ type: 'choose-connection', connectionId: item.isDefault ? null : item.id }),
        })),
        ...(current.purpose === 'simulator'
          ? []
          : [
              null,
              {
                label: mapped,
                hint: 'Which of its definitions stand for the ids of this chain',
                icon: <ArrowRightLeft size={15} />,
                onSelect: commands.openConnectionMap,
              },
            ]),
      ]}
    />
  );
}

/** `Definitions: 3 of 7 mapped…`; without numbers while the map or what the connection offers is not known. */
function useMappedWords(): string {
  const { catalog, idMap } = useDefinitions();
  const actions = useEditor((state) => state.workbench.chain.actions);
  if (idMap === null || catalog === null) return 'Definitions…';
  const offered = catalog.state === 'available' ? catalog.byId : new Map<string, unknown>();
  const { mapped, total } = countMapped(
    [...actions.values()].map((action) => action.definition_id),
    idMap,
    offered,
  );
  return `Definitions: ${mapped} of ${total} mapped…`;
}
