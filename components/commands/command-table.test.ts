import { describe, expect, it } from 'vitest';
import { COMMANDS, showKeys, strokeOf } from './command-table';

const press = (key: string, more: Partial<KeyboardEvent> = {}, isMac = false) =>
  strokeOf({ key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more }, isMac);

describe('the command table', () => {
  it('gives no stroke to two commands', () => {
    const strokes = COMMANDS.flatMap((command) => command.keys);
    expect(new Set(strokes).size).toBe(strokes.length);
  });

  it('keeps every letter without a modifier to the canvas', () => {
    const bare = COMMANDS.filter((command) => command.keys.some((stroke) => stroke.length === 1));
    expect(bare.map((command) => command.scope)).toEqual(bare.map(() => 'canvas'));
  });

  it('never takes Tab', () => {
    expect(COMMANDS.flatMap((command) => command.keys).filter((stroke) => stroke.includes('Tab'))).toEqual([]);
  });

  it('reads strokes alike on every platform', () => {
    expect(press('z', { ctrlKey: true })).toBe('Mod+Z');
    expect(press('Z', { metaKey: true, shiftKey: true }, true)).toBe('Mod+Shift+Z');
    expect(press('?', { shiftKey: true })).toBe('?');
    expect(press('†', { shiftKey: true, altKey: true, code: 'KeyT' }, true)).toBe('Shift+Alt+T');
    expect(press('ArrowLeft', { shiftKey: true })).toBe('Shift+ArrowLeft');
    expect(press('Shift', { shiftKey: true })).toBeNull();
  });

  it('shows keys as the platform writes them', () => {
    expect([showKeys('Mod+Z', true), showKeys('Mod+Z', false)]).toEqual(['⌘+Z', 'Ctrl+Z']);
  });
});

it('repeats only strokes that move something when a key is held down', () => {
  const repeated = COMMANDS.filter((command) => command.isRepeatable === true).map((command) => command.id);
  expect(repeated.every((id) => /^(undo|redo|walk|nudge|next)/.test(id))).toBe(true);
  expect(repeated).toContain('undo');
});
