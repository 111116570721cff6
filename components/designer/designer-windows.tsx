'use client';

import { Spline } from 'lucide-react';
import { illegalEnds } from '@/components/canvas/connect-state';
import { type Choice, Chooser } from '@/components/commands/chooser';
import { useCommands } from '@/components/commands/command-context';
import { COMMANDS, showKeys } from '@/components/commands/command-table';
import { isMacPlatform } from '@/components/commands/use-keymap';
import { useEditor, useEditorStore } from '@/components/editor-store/editor-store-provider';
import { ConnectionMapDialog } from '@/components/exchange/connection-map-dialog';
import { ExportDialog } from '@/components/exchange/export-dialog';
import { ImportDialog } from '@/components/exchange/import-dialog';
import { useProblems } from '@/components/problems/problems-context';
import { SampleInputs } from '@/components/run/sample-inputs';
import { Dialog } from '@/components/ui/dialog';
import type { ActionId } from '@/lib/chain/ids';
import { graphOf } from '@/lib/graph/chain-graph';
import { printPath } from '@/lib/graph/print-path';
import { findClosingPath } from '@/lib/graph/reach';
import { AddAction } from './add-action';
import type { DesignerWindow } from './use-editor-commands';

/** The windows of the designer; at most one stands open. */
export function DesignerWindows({
  shown,
  onClose,
}: {
  readonly shown: DesignerWindow | null;
  readonly onClose: () => void;
}) {
  return (
    <>
      {shown?.type === 'commands' && <CommandChooser onClose={onClose} />}
      {shown?.type === 'connect' && <ConnectChooser actionId={shown.actionId} onClose={onClose} />}
      {shown?.type === 'add' && <AddAction wish={shown.wish} onClose={onClose} />}
      {shown?.type === 'shortcuts' && <Shortcuts onClose={onClose} />}
      {shown?.type === 'export' && <ExportDialog onClose={onClose} />}
      {shown?.type === 'import' && <ImportHere files={shown.files} onClose={onClose} />}
      {shown?.type === 'map' && <ConnectionMapDialog onClose={onClose} />}
      <SampleInputs isOpen={shown?.type === 'samples'} onClose={onClose} />
    </>
  );
}

function ImportHere({ files, onClose }: { readonly files: readonly File[] | undefined; readonly onClose: () => void }) {
  const commands = useCommands();
  const workbench = useEditor((state) => state.workbench);
  return (
    <ImportDialog
      openChain={{ workbench, applySidecar: (sidecar) => commands.edit({ type: 'apply-sidecar', sidecar }) }}
      {...(files === undefined ? {} : { droppedFiles: files })}
      onClose={onClose}
    />
  );
}

/** More fixes than these stand in the list of problems alone. */
const FIXES_MAX = 50;

function CommandChooser({ onClose }: { readonly onClose: () => void }) {
  const store = useEditorStore();
  const commands = useCommands();
  const actionIds = useEditor((state) => state.workbench.chain.actions);
  const problems = useProblems();
  const fixes = new Map(
    problems
      .flatMap(({ fix, message }) => (fix === undefined ? [] : [{ fix, message }]))
      .slice(0, FIXES_MAX)
      .map((item, index) => [`fix:${index}` as string, item] as const),
  );
  const isMac = isMacPlatform();
  const state = store.getState();
  const choices: Choice[] = [
    ...COMMANDS.filter(
      (command) => command.id !== 'palette' && (command.isEnabled(state) || command.idleBecause !== undefined),
    ).map((command) => ({
      id: `command:${command.id}`,
      label: command.label,
      group: command.group,
      ...(command.keys[0] === undefined ? {} : { keys: showKeys(command.keys[0], isMac) }),
      ...(command.idleBecause === undefined || command.isEnabled(state) ? {} : { refusedBecause: command.idleBecause }),
    })),
    ...[...fixes].map(([id, { fix, message }]) => ({ id, label: fix.label, hint: message, group: 'Fixes' })),
    ...[...actionIds.keys()].map((id) => ({ id: `action:${id}`, label: id, group: 'Go to action' })),
  ];
  return (
    <Chooser
      title="Commands"
      placeholder="Type a command or the id of an action"
      emptyText="No command and no action of that name."
      choices={choices}
      isOpen
      onClose={onClose}
      onChoose={(id) => {
        onClose();
        const fix = fixes.get(id)?.fix;
        if (fix !== undefined) commands.edit(fix.edit);
        else if (id.startsWith('action:')) commands.showAction(id.slice('action:'.length) as ActionId);
        else COMMANDS.find((command) => `command:${command.id}` === id)?.run(commands, store.getState());
      }}
    />
  );
}

/** Connecting without a mouse: legal targets first, the others with the reason against them. */
function ConnectChooser({ actionId, onClose }: { readonly actionId: ActionId; readonly onClose: () => void }) {
  const commands = useCommands();
  const chain = useEditor((state) => state.workbench.chain);
  const illegal = illegalEnds(chain, actionId, 'source');
  const ids = [...chain.actions.keys()].filter((id) => id !== actionId);
  const reasonOf = (id: ActionId): string | undefined => {
    const type = illegal.get(id)?.type;
    if (type === 'duplicate') return 'already connected';
    if (type !== 'would-loop') return undefined;
    const path = findClosingPath(graphOf(chain), actionId, id) ?? [];
    return `would loop: ${printPath([actionId, ...path])}`;
  };
  const choices = ids
    .map((id): Choice => {
      const reason = reasonOf(id);
      return {
        id,
        label: id,
        icon: <Spline size={15} aria-hidden />,
        ...(reason === undefined ? {} : { refusedBecause: reason }),
      };
    })
    .sort((a, b) => Number(a.refusedBecause !== undefined) - Number(b.refusedBecause !== undefined));
  return (
    <Chooser
      title={`Connect ${actionId} to…`}
      placeholder={`Connect ${actionId} to…`}
      emptyText="No other action of that name."
      choices={choices}
      isOpen
      onClose={onClose}
      onChoose={(id) => {
        onClose();
        commands.connect(actionId, id as ActionId);
      }}
    />
  );
}

function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const isMac = isMacPlatform();
  return (
    <Dialog
      title="Keyboard shortcuts"
      description="One-letter keys act while the keyboard is on the canvas."
      isOpen
      onClose={onClose}
      size="wide"
      isText
    >
      <table className="w-full">
        <tbody>
          {COMMANDS.filter((command) => command.keys.length > 0).map((command) => (
            <tr key={command.id} className="border-t border-line-subtle first:border-t-0">
              <td className="py-1.5">{command.label}</td>
              <td className="py-1.5 text-right text-text-2">
                {command.keys.map((stroke) => (
                  <kbd
                    key={stroke}
                    className="ml-2 rounded-sm border border-line-subtle bg-surface-sunken px-1.5 text-xs"
                  >
                    {showKeys(stroke, isMac)}
                  </kbd>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
