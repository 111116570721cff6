import { type RefObject, useEffect } from 'react';

/** Above the zoom controls, in pixels. */
const ABOVE_CONTROLS = 52;

/** Keeps toasts low in the middle of the canvas, above its controls: whatever panels stand open, they cover none. */
export function useToastPlace(frame: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const { style } = document.documentElement;
    const place = (): void => {
      const { left, width, bottom } = element.getBoundingClientRect();
      style.setProperty('--toast-middle', `${left + width / 2}px`);
      style.setProperty('--toast-bottom', `${window.innerHeight - bottom + ABOVE_CONTROLS}px`);
      style.setProperty('--toast-room', `${width - 24}px`);
    };
    const observer = new ResizeObserver(place);
    observer.observe(element);
    // A panel on the left that grows moves the canvas; its size tells of that too. The window's height is not its own.
    window.addEventListener('resize', place);
    place();
    return () => {
      observer.disconnect();
      window.removeEventListener('resize', place);
      for (const name of ['--toast-middle', '--toast-bottom', '--toast-room']) style.removeProperty(name);
    };
  }, [frame]);
}
