import { useCallback, useLayoutEffect, useRef } from 'react';

/**
 * Gives the keyboard back when a window closes: to where it was when the window opened, unless what was chosen in the
 * window put it elsewhere. Radix by itself knows only windows with a trigger of their own and leaves the others' focus
 * on the page's body, where keys are lost.
 *
 * @returns the handler for `onCloseAutoFocus`.
 */
export function useReturnFocus(isOpen: boolean): (event: Event) => void {
  const before = useRef<Focusable | null>(null);
  // The content of the window stands in a portal, which mounts after this: nothing in it has the focus yet.
  useLayoutEffect(() => {
    if (isOpen) before.current = holderOfFocus();
  }, [isOpen]);
  return useCallback((event) => {
    event.preventDefault();
    if (document.activeElement === document.body) before.current?.focus({ preventScroll: true });
  }, []);
}

/** An edge of the canvas holds the keyboard too, and is no HTML element. */
type Focusable = HTMLElement | SVGElement;

/** The focused element; for an item of a menu, which is about to close, the button that opened the menu. */
function holderOfFocus(): Focusable | null {
  const active = document.activeElement;
  const menu = active?.closest('[role="menu"]');
  const holder = menu == null ? active : document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return holder instanceof HTMLElement || holder instanceof SVGElement ? holder : null;
}
