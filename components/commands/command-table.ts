import type { EditorState } from '@/components/editor-store/editor-store';
import type { Commands } from './command-context';

/** One row a command: menus, keys, palette and the sheet of shortcuts all read this table. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly group: 'Chain' | 'Edit' | 'View' | 'Run';
  /** Key strokes in the form `Mod+Shift+Z`; Mod is Cmd on a Mac, Ctrl elsewhere. */
  readonly keys: readonly string[];
  /** `canvas`: acts only while the keyboard is on the canvas, so that no letter typed elsewhere can do harm. */
  readonly scope: 'anywhere' | 'canvas';
  /** A key that is held down repeats it; everything else happens once a stroke. */
  readonly isRepeatable?: true;
  /** Said in the list of commands while it is not enabled; without it the list leaves the command out then. */
  readonly idleBecause?: string;
  readonly isEnabled: (state: EditorState) => boolean;
  readonly run: (commands: Commands, state: EditorState) => void;
}

const always = (): boolean => true;
const hasSelection = (state: EditorState): boolean => state.selectedIds.size > 0;
const hasOneSelected = (state: EditorState): boolean => state.selectedIds.size === 1;
const only = (state: EditorState) => [...state.selectedIds][0]!;

export const COMMANDS: readonly Command[] = [
  {
    id: 'run',
    label: 'Run the chain',
    group: 'Run',
    keys: ['Mod+Enter'],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.run(),
  },
  {
    id: 'run-up-to',
    label: 'Run up to the selected action',
    group: 'Run',
    keys: ['Shift+Enter'],
    scope: 'canvas',
    isEnabled: hasOneSelected,
    run: (c, s) => c.runUpTo(only(s)),
  },
  {
    id: 'stop',
    label: 'Stop the run',
    group: 'Run',
    keys: [],
    scope: 'anywhere',
    isEnabled: (s) => s.run?.status === 'running',
    run: (c) => c.stop(),
  },

  {
    id: 'add',
    label: 'Add an action',
    group: 'Edit',
    keys: ['N'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.openAdd({}),
  },
  {
    id: 'connect',
    label: 'Connect the selected action to…',
    group: 'Edit',
    keys: ['E'],
    scope: 'canvas',
    isEnabled: hasOneSelected,
    run: (c, s) => c.openConnect(only(s)),
  },
  {
    id: 'rename',
    label: 'Rename the selected action',
    group: 'Edit',
    keys: ['F2'],
    scope: 'canvas',
    isEnabled: hasOneSelected,
    run: (c, s) => c.openRename(only(s)),
  },
  {
    id: 'inspect',
    label: 'Edit the inputs of the selected action',
    group: 'Edit',
    keys: ['Enter'],
    scope: 'canvas',
    isEnabled: hasOneSelected,
    run: (c, s) => c.openInspectorOf(only(s)),
  },
  {
    id: 'disable',
    label: 'Disable or enable the selected actions',
    group: 'Edit',
    keys: ['D'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.toggleDisabled(),
  },
  {
    id: 'undo',
    isRepeatable: true,
    label: 'Undo',
    group: 'Edit',
    keys: ['Mod+Z'],
    scope: 'anywhere',
    idleBecause: 'nothing to undo',
    isEnabled: (s) => s.undoSteps.length > 0,
    run: (c) => c.undo(),
  },
  {
    id: 'redo',
    isRepeatable: true,
    label: 'Redo',
    group: 'Edit',
    keys: ['Mod+Shift+Z', 'Mod+Y'],
    scope: 'anywhere',
    idleBecause: 'nothing to redo',
    isEnabled: (s) => s.redoSteps.length > 0,
    run: (c) => c.redo(),
  },
  {
    id: 'copy',
    label: 'Copy',
    group: 'Edit',
    keys: ['Mod+C'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.copy(),
  },
  {
    id: 'cut',
    label: 'Cut',
    group: 'Edit',
    keys: ['Mod+X'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.cut(),
  },
  {
    id: 'paste',
    label: 'Paste',
    group: 'Edit',
    keys: ['Mod+V'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.paste(),
  },
  {
    id: 'duplicate',
    label: 'Duplicate',
    group: 'Edit',
    keys: ['Mod+D'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c, s) => c.duplicate([...s.selectedIds]),
  },
  {
    id: 'select-all',
    label: 'Select all',
    group: 'Edit',
    keys: ['Mod+A'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.selectAll(),
  },
  {
    id: 'delete',
    label: 'Delete',
    group: 'Edit',
    keys: ['Delete', 'Backspace'],
    scope: 'canvas',
    isEnabled: (s) => hasSelection(s) || s.selectedEdges.length > 0,
    run: (c) => c.deleteSelection(false),
  },
  {
    id: 'delete-heal',
    label: 'Delete and join the neighbours',
    group: 'Edit',
    keys: ['Mod+Delete', 'Mod+Backspace'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.deleteSelection(true),
  },

  {
    id: 'walk-left',
    isRepeatable: true,
    label: 'Go to what the action needs',
    group: 'View',
    keys: ['ArrowLeft'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.walk('left'),
  },
  {
    id: 'walk-right',
    isRepeatable: true,
    label: 'Go to what the action feeds',
    group: 'View',
    keys: ['ArrowRight'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.walk('right'),
  },
  {
    id: 'walk-up',
    isRepeatable: true,
    label: 'Go to the action above',
    group: 'View',
    keys: ['ArrowUp'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.walk('up'),
  },
  {
    id: 'walk-down',
    isRepeatable: true,
    label: 'Go to the action below',
    group: 'View',
    keys: ['ArrowDown'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.walk('down'),
  },
  {
    id: 'nudge-left',
    isRepeatable: true,
    label: 'Move the card left',
    group: 'Edit',
    keys: ['Shift+ArrowLeft'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.nudge(-16, 0),
  },
  {
    id: 'nudge-right',
    isRepeatable: true,
    label: 'Move the card right',
    group: 'Edit',
    keys: ['Shift+ArrowRight'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.nudge(16, 0),
  },
  {
    id: 'nudge-up',
    isRepeatable: true,
    label: 'Move the card up',
    group: 'Edit',
    keys: ['Shift+ArrowUp'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.nudge(0, -16),
  },
  {
    id: 'nudge-down',
    isRepeatable: true,
    label: 'Move the card down',
    group: 'Edit',
    keys: ['Shift+ArrowDown'],
    scope: 'canvas',
    isEnabled: hasSelection,
    run: (c) => c.nudge(0, 16),
  },
  {
    id: 'tidy',
    label: 'Tidy up the cards',
    group: 'View',
    keys: ['Shift+Alt+T'],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.tidyUp(),
  },
  {
    id: 'fit',
    label: 'Show the whole chain',
    group: 'View',
    keys: ['1'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.fitView(),
  },
  {
    id: 'actual',
    label: 'Zoom to 100 %',
    group: 'View',
    keys: ['0'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.zoomToActual(),
  },
  {
    id: 'next-problem',
    isRepeatable: true,
    label: 'Go to the next problem',
    group: 'View',
    keys: ['F8'],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.nextProblem(),
  },
  {
    id: 'palette',
    label: 'Commands',
    group: 'View',
    keys: ['Mod+K'],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.openPalette(),
  },
  {
    id: 'shortcuts',
    label: 'Keyboard shortcuts',
    group: 'View',
    keys: ['?'],
    scope: 'canvas',
    isEnabled: always,
    run: (c) => c.openShortcuts(),
  },

  {
    id: 'export',
    label: 'Export the chain',
    group: 'Chain',
    keys: [],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.openExport(),
  },
  {
    id: 'import',
    label: 'Import chains, definitions and more',
    group: 'Chain',
    keys: [],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.openImport(),
  },
  {
    id: 'map',
    label: 'Map definitions to those of the connection',
    group: 'Chain',
    keys: [],
    scope: 'anywhere',
    isEnabled: always,
    run: (c) => c.openConnectionMap(),
  },
];

/** The stroke of a key event in the table's form, or null for a bare modifier. */
export function strokeOf(
  event: Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
  isMac: boolean,
): string | null {
  if (['Control', 'Meta', 'Shift', 'Alt'].includes(event.key)) return null;
  const isMod = isMac ? event.metaKey : event.ctrlKey;
  // With Alt a Mac gives the composed letter; the code still names the key.
  const key =
    event.altKey && event.code.startsWith('Key')
      ? event.code.slice(3)
      : event.key.length === 1
        ? event.key.toUpperCase()
        : event.key;
  const isSymbol = key.length === 1 && !/[A-Z0-9]/.test(key);
  return [isMod ? 'Mod' : '', event.shiftKey && !isSymbol ? 'Shift' : '', event.altKey ? 'Alt' : '', key]
    .filter(Boolean)
    .join('+');
}

/** Keys as a person of this platform writes them. */
export const showKeys = (stroke: string, isMac: boolean): string =>
  stroke
    .replace('Mod', isMac ? '⌘' : 'Ctrl')
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓');
