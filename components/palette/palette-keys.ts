import {
  type FocusEvent,
  type KeyboardEvent,
  type MouseEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';

interface PaletteKeys {
  /** The element that holds all cards, each with its id in `data-definition`. */
  readonly list: RefObject<HTMLDivElement | null>;
  /** The card that Tab stops at; null where there is none. */
  readonly stopId: string | null;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onFocus: (event: FocusEvent) => void;
  readonly onClick: (event: MouseEvent) => void;
}

/**
 * One stop of Tab for all cards: the arrows, Home and End go from card to card, Right and Left to the button that removes
 * a card and back, and Delete presses it. Where a removed card took the keyboard along, the next one has it.
 *
 * @param ids of the cards in sight, in their order.
 */
export function usePaletteKeys(ids: readonly string[]): PaletteKeys {
  const list = useRef<HTMLDivElement>(null);
  const [visitedId, setVisitedId] = useState<string | null>(null);
  /** Where the card stands that a key is about to remove; null while there is none. */
  const place = useRef<number | null>(null);
  const cards = (): readonly HTMLElement[] => [
    ...(list.current?.querySelectorAll<HTMLElement>('[data-definition]') ?? []),
  ];
  const text = ids.join('\n');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cards change with their ids.
  useEffect(() => {
    if (place.current === null) return;
    const left = cards();
    if (document.activeElement === document.body) left[Math.min(place.current, left.length - 1)]?.focus();
    place.current = null;
  }, [text]);

  const onFocus = ({ target }: FocusEvent): void => {
    const card = cardOf(target);
    if (card !== null) setVisitedId(card.dataset['definition'] ?? null);
  };
  const onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const card = cardOf(target);
    // A click of the mouse counts itself; one by a key has no count, and needs its place again.
    if (event.detail === 0 && card !== null && target.closest('[data-remove]') !== null) {
      place.current = cards().indexOf(card);
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const card = cardOf(event.target as Element);
    if (card === null) return;
    const all = cards();
    const at = all.indexOf(card);
    const bin = card.closest('li')?.querySelector<HTMLElement>('[data-remove]') ?? null;
    const next = nextPlace(event.key, at, all.length);
    if (next !== null) all[next]?.focus();
    else if (event.key === 'ArrowRight' && bin !== null) bin.focus();
    else if (event.key === 'ArrowLeft') card.focus();
    else if (event.key === 'Delete' && bin !== null) bin.click();
    else return;
    event.preventDefault();
  };
  const stopId = visitedId !== null && ids.includes(visitedId) ? visitedId : (ids[0] ?? null);
  return { list, stopId, onKeyDown, onFocus, onClick };
}

/** Where a key leads among so many cards; null for other keys. */
export function nextPlace(key: string, at: number, count: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(at + 1, count - 1);
    case 'ArrowUp':
      return Math.max(at - 1, 0);
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

const cardOf = (target: Element): HTMLElement | null =>
  target.closest('li')?.querySelector<HTMLElement>('[data-definition]') ?? null;
