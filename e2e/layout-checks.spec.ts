import { expect, type Page, test } from '@playwright/test';
import { findLayoutFlaws } from './layout-checks';

/** Shows markup on a white page; each case is one flaw, or something that looks like one and is none. */
async function flawsOf(page: Page, body: string): Promise<readonly string[]> {
  await page.setContent(
    `<!doctype html><html lang="en"><title>Layout</title><body style="margin:0">${body}</body></html>`,
  );
  return findLayoutFlaws(page);
}

const card = (left: number): string =>
  `<article class="action-card" aria-label="card at ${left}" style="position:absolute;left:${left}px;top:0;width:100px;height:40px"></article>`;

const FLAWS = [
  ['two cards on each other', `${card(0)}${card(60)}`, /^cards overlap: .*card at 0.*card at 60/],
  [
    'two panels on each other',
    '<header style="height:40px"></header><aside style="position:absolute;top:20px;left:0;width:90px;height:90px"></aside>',
    /^panels overlap/,
  ],
  ['a page that scrolls sideways', '<div style="width:3000px;height:9px"></div>', /^the page scrolls sideways$/],
  [
    'text that its box cuts',
    '<p style="width:60px;overflow:hidden;white-space:nowrap">a sentence that is far too long</p>',
    /^clipped text "a sentence/,
  ],
  [
    'text that its box hides altogether',
    '<div style="width:80px;height:20px;overflow:hidden"><p style="margin:40px 0 0">below the edge</p></div>',
    /^clipped text "below the edge"/,
  ],
  [
    'text beneath something else',
    '<p style="margin:0">beneath</p><section style="position:absolute;top:0;left:0;width:300px;height:60px;background:#fff"></section>',
    /^covered text "beneath"/,
  ],
  ['text that is hard to read', '<p style="color:#aaa">pale</p>', /^contrast 2\.3\d .*pale/],
] as const;

const NO_FLAWS = [
  ['cards side by side', `${card(0)}${card(120)}`],
  [
    'text that ends in an ellipsis',
    '<p style="width:60px;overflow:hidden;white-space:nowrap;text-overflow:ellipsis">a sentence that is far too long</p>',
  ],
  [
    'text that a panel has scrolled away',
    '<div tabindex="0" style="height:50px;overflow:auto"><p style="margin:0">first</p><p style="margin:200px 0 0">last</p></div>' +
      '<section style="position:absolute;top:60px;width:300px;height:400px;background:#fff"></section>',
  ],
  [
    'text beneath a menu that is open',
    '<p style="margin:0">beneath</p><div role="menu" style="position:absolute;top:0;left:0;width:300px;height:60px;background:#fff"></div>',
  ],
  [
    'text for screen readers alone',
    '<span style="position:absolute;width:1px;height:1px;overflow:hidden;white-space:nowrap">spoken only</span>',
  ],
] as const;

for (const [what, body, flaw] of FLAWS) {
  test(`the layout checks find ${what}, and nothing else there`, async ({ page }) => {
    expect(await flawsOf(page, body)).toEqual([expect.stringMatching(flaw)]);
  });
}

for (const [what, body] of NO_FLAWS) {
  test(`the layout checks leave alone ${what}`, async ({ page }) => {
    expect(await flawsOf(page, body)).toEqual([]);
  });
}
