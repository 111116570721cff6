import { DesignerDriver } from './designer-driver';
import { expect, test } from './fixtures';

test('an edit made right before a reload is still there', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  await page.getByRole('button', { name: 'Add Send SMS' }).click();
  await expect(designer.card('send_sms')).toBeVisible();
  await page.reload();
  await designer.waitUntilHydrated();
  await expect(designer.card('send_sms')).toBeVisible();
  expect((await designer.savedTexts(chainId)).documentText).toContain('"send_sms"');
});

test('an edit that only this device has survives a reload, and is sent when the server answers again', async ({
  page,
  designer,
}) => {
  designer.allowErrors(/ERR_FAILED/);
  const chainId = await designer.openExample();
  let isBlocked = true;
  await page.route('**/api/chains/*', async (route) => {
    if (isBlocked && route.request().method() === 'PUT') await route.abort('failed');
    else await route.continue();
  });
  await page.getByRole('button', { name: 'Add Send SMS' }).click();
  await designer.expectSaveState('Saved on this device, server unreachable');

  await page.reload();
  await designer.waitUntilHydrated();
  await expect(designer.card('send_sms')).toBeVisible();
  await designer.expectSaveState('Saved on this device, server unreachable');

  isBlocked = false;
  expect((await designer.savedTexts(chainId)).documentText).toContain('"send_sms"');
});

for (const [choice, kept, undone] of [
  ['Keep my edits', 'send_sms', 'create_ticket'],
  ['Use the server’s', 'create_ticket', 'send_sms'],
] as const) {
  test(`two pages that edited one chain are a conflict, settled by “${choice}”`, async ({
    page,
    context,
    designer,
  }) => {
    designer.allowErrors(/409/);
    const chainId = await designer.openExample();
    const other = await DesignerDriver.attach(await context.newPage(), designer.baseUrl);
    await other.open(`/chains/${chainId}`);
    await expect(other.card('update_crm')).toBeVisible();
    await other.page.getByRole('button', { name: 'Add Create ticket' }).click();
    await other.savedTexts(chainId);

    await page.bringToFront();
    await page.getByRole('button', { name: 'Add Send SMS' }).click();
    const dialog = page.getByRole('dialog', { name: 'This chain was saved somewhere else' });
    await expect(dialog).toBeVisible();
    await expect(page.getByText('Conflict', { exact: true })).toBeVisible();
    // Nothing is sent before a person has chosen.
    const before = await page.request.get(`${designer.baseUrl}/api/chains/${chainId}`);
    expect(await before.text()).not.toContain('send_sms');

    await dialog.getByRole('button', { name: choice }).click();
    await expect(dialog).toBeHidden();
    await expect(designer.card(kept)).toBeVisible();
    await expect(designer.card(undone)).toHaveCount(0);
    const settled = (await designer.savedTexts(chainId)).documentText;
    expect(settled).toContain(`"${kept}"`);
    expect(settled).not.toContain(`"${undone}"`);

    // No winner is silent: what was not chosen is one step of undo away.
    await page.locator('body').press('Control+z');
    await expect(designer.card(undone)).toBeVisible();
    expect((await designer.savedTexts(chainId)).documentText).toContain(`"${undone}"`);
    other.expectNoErrors();
  });
}
