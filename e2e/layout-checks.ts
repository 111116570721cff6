import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * What is wrong with how the page looks, one sentence a finding: overlapping cards or panels, clipped or covered text, a
 * page that scrolls sideways, text with a contrast under 4.5 : 1. Text that ends in an ellipsis by design is no
 * finding, nor is what a panel that scrolls has scrolled away.
 */
export async function findLayoutFlaws(page: Page): Promise<readonly string[]> {
  const flaws = await page.evaluate(findGeometryFlaws);
  return [...flaws, ...(await findPoorContrast(page))];
}

async function findPoorContrast(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withRules(['color-contrast']).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => {
      const data = node.any[0]?.data as { contrastRatio?: number; fgColor?: string; bgColor?: string } | undefined;
      return `contrast ${data?.contrastRatio} (${data?.fgColor} on ${data?.bgColor}): ${node.html.slice(0, 160)}`;
    }),
  );
}

/** Runs in the page, so it must not use anything from outside of itself. */
function findGeometryFlaws(): string[] {
  const SLACK_PX = 1.5;
  const OVERLAYS = '[role="dialog"], [role="menu"], [role="tooltip"], [role="listbox"], [data-sonner-toaster]';
  const flaws: string[] = [];

  const nameOf = (element: Element): string => {
    const name = element.getAttribute('aria-label') ?? element.textContent ?? '';
    return `<${element.tagName.toLowerCase()}> "${name.trim().slice(0, 60)}"`;
  };
  const overlapOf = (a: DOMRect, b: DOMRect) => ({
    width: Math.min(a.right, b.right) - Math.max(a.left, b.left),
    height: Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  });
  const overlap = (a: DOMRect, b: DOMRect): boolean => {
    const { width, height } = overlapOf(a, b);
    return width > SLACK_PX && height > SLACK_PX;
  };

  const reportOverlaps = (what: string, elements: readonly Element[]): void => {
    elements.forEach((first, index) => {
      for (const second of elements.slice(index + 1)) {
        const isNested = first.contains(second) || second.contains(first);
        if (!isNested && overlap(first.getBoundingClientRect(), second.getBoundingClientRect())) {
          flaws.push(`${what} overlap: ${nameOf(first)} and ${nameOf(second)}`);
        }
      }
    });
  };

  reportOverlaps('cards', [...document.querySelectorAll('.action-card')]);
  reportOverlaps(
    'panels',
    [
      ...document.querySelectorAll('header, aside, [role="banner"], [role="complementary"], section[aria-label]'),
    ].filter((panel) => panel.closest(`${OVERLAYS}, article`) === null && panel.checkVisibility()),
  );

  if (document.documentElement.scrollWidth > window.innerWidth) flaws.push('the page scrolls sideways');

  interface Shown {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
  }

  /** What the boxes around a text let through of it; null when nothing of it is to be seen, by scrolling or by design. */
  const shownPart = (
    element: Element,
    text: DOMRect,
  ): { readonly part: Shown; readonly cutBy: Element | null } | null => {
    let part: Shown = text;
    let cutBy: Element | null = null;
    let mayCut = true;
    const ofGraph = element.closest('.react-flow__node, .react-flow__edge, .react-flow__edgelabel-renderer > *');
    for (let box: Element | null = element; box !== null && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const flow = [style.overflowX, style.overflowY];
      if (flow.every((value) => value === 'visible')) continue;
      const edge = box.getBoundingClientRect();
      const isCut =
        part.right > edge.right + SLACK_PX ||
        part.left < edge.left - SLACK_PX ||
        part.bottom > edge.bottom + SLACK_PX ||
        part.top < edge.top - SLACK_PX;
      const endsInEllipsis = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
      // What lies beyond a panel that scrolls can be reached, and the canvas is a window onto the graph.
      if (flow.some((value) => value === 'auto' || value === 'scroll')) mayCut = false;
      if (ofGraph !== null && !ofGraph.contains(box)) mayCut = false;
      if (isCut && mayCut && !endsInEllipsis) cutBy ??= box;
      part = {
        left: Math.max(part.left, edge.left),
        top: Math.max(part.top, edge.top),
        right: Math.min(part.right, edge.right),
        bottom: Math.min(part.bottom, edge.bottom),
      };
      const isGone = part.right - part.left <= 2 || part.bottom - part.top <= 2;
      // A box without a size is folded away.
      if (isGone) return cutBy === null || edge.width <= 2 || edge.height <= 2 ? null : { part: text, cutBy };
    }
    return { part, cutBy };
  };

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const words = node.textContent?.trim() ?? '';
    if (element === null || words === '') continue;
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
    if (element.closest('script, style, noscript, svg') !== null) continue;

    const range = document.createRange();
    range.selectNodeContents(node);
    const text = range.getBoundingClientRect();
    if (text.width <= 2 || text.height <= 2) continue;
    const box = element.getBoundingClientRect();
    // For screen readers alone.
    if (box.width <= 2 || box.height <= 2) continue;

    const shown = shownPart(element, text);
    if (shown === null) continue;
    const quoted = `"${words.slice(0, 60)}"`;
    if (shown.cutBy !== null) {
      flaws.push(`clipped text ${quoted} in ${nameOf(element)}, cut by ${nameOf(shown.cutBy)}`);
      continue;
    }

    // What takes no clicks cannot be asked what lies above it.
    if (getComputedStyle(element).pointerEvents === 'none') continue;
    const x = (shown.part.left + shown.part.right) / 2;
    const y = (shown.part.top + shown.part.bottom) / 2;
    if (x < 0 || y < 0 || x >= window.innerWidth || y >= window.innerHeight) continue;
    const top = document.elementFromPoint(x, y);
    if (top === null || top.closest(OVERLAYS) !== null) continue;
    if (top.contains(element) || element.contains(top)) continue;
    // Another element on the text hides it only if it paints something there.
    const ownText = [...top.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.textContent?.trim());
    const paints = ownText || getComputedStyle(top).backgroundColor !== 'rgba(0, 0, 0, 0)';
    if (paints) flaws.push(`covered text ${quoted} by ${nameOf(top)}`);
  }
  return [...new Set(flaws)];
}
