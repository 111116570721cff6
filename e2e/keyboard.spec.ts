import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';

/** Where the keyboard is, as a person would say it; `body` means that it was lost. */
const focusedName = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return 'body';
    const label = element.getAttribute('aria-labelledby');
    const named = label === null ? null : document.getElementById(label);
    return (element.getAttribute('aria-label') ?? named?.textContent ?? element.textContent ?? '').trim();
  });

test('a chain is drawn, edited, run and read without a mouse', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  const expectFocus = (name: string | RegExp): Promise<void> =>
    expect.poll(() => focusedName(page), { message: 'where the keyboard is' }).toMatch(name);

  await page.keyboard.press('n');
  await expect(page.getByRole('dialog', { name: 'Add an action' })).toBeVisible();
  await page.keyboard.type('sms');
  await page.keyboard.press('Enter');
  await expect(designer.card('send_sms')).toBeVisible();
  await expectFocus(/^send_sms, action/);

  // To a card, and from it to the new one.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('fetch_customer');
  await page.keyboard.press('Enter');
  await expectFocus(/^fetch_customer, action/);
  await page.keyboard.press('ArrowRight');
  await expectFocus(/^enrich_data, action/);
  await page.keyboard.press('ArrowLeft');
  await expectFocus(/^fetch_customer, action/);
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.type('send_sms');
  await page.keyboard.press('Enter');
  await expect(designer.edge('fetch_customer', 'send_sms')).toBeAttached();
  await expectFocus(/^fetch_customer, action/);

  await page.keyboard.press('Control+k');
  await page.keyboard.type('send_sms');
  await page.keyboard.press('Enter');
  await expectFocus(/^send_sms, action/);
  await page.keyboard.press('F2');
  await expectFocus('Action id');
  await page.keyboard.type('tell_customer');
  await page.keyboard.press('Enter');
  await expect(designer.card('tell_customer')).toBeVisible();
  await expectFocus(/^tell_customer, action/);

  await page.keyboard.press('Enter');
  const firstField = page
    .getByRole('region', { name: 'Inspector' })
    .getByRole('textbox', { name: / of tell_customer$/ });
  await expect(firstField.first()).toBeFocused();
  await page.keyboard.type('{{ fetch_customer.phone }}');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Tab');
  await expectFocus(/./);
  const texts = await designer.savedTexts(chainId);
  expect(texts.documentText).toContain('{{ fetch_customer.phone }}');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('tell_customer');
  await page.keyboard.press('Enter');
  await expectFocus(/^tell_customer, action/);
  await page.keyboard.press('Delete');
  await expect(designer.card('tell_customer')).toHaveCount(0);
  await expect.poll(() => focusedName(page)).not.toBe('body');
  await page.keyboard.press('Control+z');
  await expect(designer.card('tell_customer')).toBeVisible();
  await page.keyboard.press('Control+Shift+z');
  await expect(designer.card('tell_customer')).toHaveCount(0);
  await expect.poll(() => focusedName(page)).not.toBe('body');

  await page.keyboard.press('Control+Enter');
  await designer.expectStatus('update_crm', /completed/);
  await expect.poll(() => focusedName(page)).not.toBe('body');

  // On to the waterfall by Tab alone, and down its rows.
  const waterfall = page.getByRole('listbox', { name: 'Calls of the run over time' });
  await tabTo(page, 'Calls of the run over time');
  await expect(waterfall).toBeFocused();
  await page.keyboard.press('Home');
  await expect(waterfall.getByRole('option', { name: /^fetch_customer/ })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(waterfall.getByRole('option', { name: /^enrich_data/ })).toHaveAttribute('aria-selected', 'true');
  await expect(designer.dock.getByRole('list', { name: 'Output of enrich_data' })).toContainText('record_id');
});

/** Presses Tab until the keyboard is there; a person who must press it this often has lost patience. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    if ((await focusedName(page)) === name) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not reach “${name}”`);
}
