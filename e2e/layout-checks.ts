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

  /** The part of a text that its panels let through, or null when a panel has scrolled it away altogether. */
  const clipOf = (element: Element, text: DOMRect): { clipped: Element | null; isAway: boolean } => {
    for (let box: Element | null = element; box !== null && box !== document.body; box = box.parentElement) {
      const style = getComputedStyle(box);
      const hides = [style.overflowX, style.overflowY].some((value) => value !== 'visible');
      if (!hides) continue;
      const edge = box.getBoundingClientRect();
      const { width, height } = overlapOf(edge, text);
      if (width <= SLACK_PX || height <= SLACK_PX) return { clipped: null, isAway: true };
      const scrolls = [style.overflowX, style.overflowY].some((value) => value === 'auto' || value === 'scroll');
      // The canvas is a window onto the graph: what lies outside of it is elsewhere, not clipped.
      const isCanvas = box.matches('.react-flow, .chain-canvas');
      if (scrolls || isCanvas) return { clipped: null, isAway: false };
      const endsInEllipsis = style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none';
      const isCut =
        text.right > edge.right + SLACK_PX ||
        text.left < edge.left - SLACK_PX ||
        text.bottom > edge.bottom + SLACK_PX ||
        text.top < edge.top - SLACK_PX;
      if (endsInEllipsis) return { clipped: null, isAway: isCut };
      if (isCut) return { clipped: box, isAway: false };
    }
    return { clipped: null, isAway: false };
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

    const { clipped, isAway } = clipOf(element, text);
    if (isAway) continue;
    const shown = `"${words.slice(0, 60)}"`;
    if (clipped !== null) {
      flaws.push(
        `clipped text ${shown} in ${nameOf(element)}, cut by <${clipped.tagName.toLowerCase()} class="${clipped.className}">`,
      );
      continue;
    }

    const x = text.left + text.width / 2;
    const y = text.top + text.height / 2;
    if (x < 0 || y < 0 || x >= window.innerWidth || y >= window.innerHeight) continue;
    const top = document.elementFromPoint(x, y);
    if (top === null || top.closest(OVERLAYS) !== null) continue;
    const cover = top.closest('button, a, label, article, p, span, div');
    if (top.contains(element) || element.contains(top) || cover === null) continue;
    // Another element on the text hides it only if it paints something there.
    const style = getComputedStyle(top);
    const paints = style.backgroundColor !== 'rgba(0, 0, 0, 0)' || (top.textContent ?? '').trim() !== '';
    if (paints) flaws.push(`covered text ${shown} by ${nameOf(top)} class="${top.className}"`);
  }
  return [...new Set(flaws)];
}
