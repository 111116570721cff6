import { useEffect } from 'react';
import { useEditorStore } from '@/components/editor-store/editor-store-provider';
import { useCommands } from './command-context';
import { COMMANDS, strokeOf } from './command-table';

export const isMacPlatform = (): boolean =>
  typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.userAgent);

/** Turns key strokes into commands while the designer is open. Text fields keep their own keys; Tab is never taken. */
export function useKeymap(): void {
  const store = useEditorStore();
  const commands = useCommands();

  useEffect(() => {
    const isMac = isMacPlatform();
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing) return;
      const stroke = strokeOf(event, isMac);
      const target = event.target instanceof Element ? event.target : null;
      if (stroke === null || target?.closest('[role="dialog"], [role="menu"]')) return;
      const isOnCanvas =
        target !== null && target.closest('.chain-canvas') !== null && !target.closest('button, input');
      const isTyping = target?.closest('input, textarea, select, [contenteditable="true"]') !== null && target !== null;
      const state = store.getState();
      for (const command of COMMANDS) {
        if (!command.keys.includes(stroke)) continue;
        if (command.scope === 'canvas' ? !(isOnCanvas || target === document.body) : isTyping && isFieldStroke(stroke))
          continue;
        if (!command.isEnabled(state)) continue;
        event.preventDefault();
        event.stopPropagation();
        if (event.repeat && command.isRepeatable !== true) return;
        command.run(commands, state);
        return;
      }
    };
    // Capture: React Flow would otherwise move cards by the bare arrows.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, [store, commands]);
}

/** Strokes that a text field knows itself: its own undo and redo. */
const isFieldStroke = (stroke: string): boolean => ['Mod+Z', 'Mod+Shift+Z', 'Mod+Y'].includes(stroke);
