import { expect, test } from './fixtures';

test('a chain is drawn, undone and redone byte for byte', async ({ page, designer }) => {
  await designer.open('/chains');
  await page.getByRole('button', { name: 'New chain' }).click();
  await expect(page.getByRole('button', { name: 'Add first action' })).toBeVisible();
  const chainId = page.url().split('/').at(-1) ?? '';
  const empty = await designer.savedTexts(chainId);

  const palette = page.getByRole('region', { name: 'Definitions' });
  await palette.getByRole('button', { name: 'Add Customer lookup' }).click();
  await expect(designer.card('customer_lookup')).toBeVisible();

  const canvas = page.getByRole('application', { name: 'Canvas' });
  await palette
    .getByRole('button', { name: 'Add Customer enrichment' })
    .dragTo(canvas, { targetPosition: { x: 200, y: 120 } });
  await expect(designer.card('customer_enrichment')).toBeVisible();
  const dropped = await designer.card('customer_enrichment').boundingBox();
  expect(Math.abs((dropped?.y ?? 0) - (await canvas.boundingBox())!.y - 120)).toBeLessThan(80);

  await designer.dragCard('customer_lookup', { x: 0, y: 160 });
  await designer.connect('customer_enrichment', 'customer_lookup');
  await expect(designer.edge('customer_enrichment', 'customer_lookup')).toBeAttached();

  await designer.selectEdge('customer_enrichment', 'customer_lookup');
  await page.getByRole('button', { name: 'Delete the edge from customer_enrichment to customer_lookup' }).click();
  await expect(designer.edge('customer_enrichment', 'customer_lookup')).toHaveCount(0);

  await designer.connect('customer_lookup', 'customer_enrichment');
  await expect(designer.edge('customer_lookup', 'customer_enrichment')).toBeAttached();
  const connected = await designer.savedTexts(chainId);
  expect(JSON.parse(connected.documentText).actions).toMatchObject({
    customer_lookup: { definition_id: 'your-definition-id-1', depends_on: [] },
    customer_enrichment: { definition_id: 'your-definition-id-2', depends_on: ['customer_lookup'] },
  });

  await designer.select('customer_lookup');
  await page.keyboard.press('Delete');
  await expect(designer.card('customer_lookup')).toHaveCount(0);
  const drawn = await designer.savedTexts(chainId);

  // Back by one step: the deleted action and its edge are there again.
  await page.keyboard.press('Control+z');
  await expect(designer.edge('customer_lookup', 'customer_enrichment')).toBeAttached();
  expect(await designer.savedTexts(chainId)).toEqual(connected);

  for (const _step of ['connect', 'cut', 'connect', 'move', 'drop', 'add']) await page.keyboard.press('Control+z');
  await expect(page.getByRole('button', { name: 'Add first action' })).toBeVisible();
  expect(await designer.savedTexts(chainId)).toEqual(empty);

  for (const _step of ['add', 'drop', 'move', 'connect', 'cut', 'connect', 'delete']) {
    await page.keyboard.press('Control+Shift+z');
  }
  await expect(designer.card('customer_enrichment')).toBeVisible();
  expect(await designer.savedTexts(chainId)).toEqual(drawn);
});

test('a connection that would close a loop is refused while it is drawn, and legal ones are taken', async ({
  page,
  designer,
}) => {
  const chainId = await designer.openExample();
  const before = await designer.savedTexts(chainId);
  const loop = 'update_crm → fetch_customer → enrich_data → update_crm';

  await designer.dragEdge('update_crm', 'fetch_customer');
  for (const upstream of ['fetch_customer', 'enrich_data']) {
    await expect(designer.card(upstream)).toHaveAttribute('data-connect', 'would-loop');
  }
  await expect(page.getByRole('status').filter({ hasText: `would loop: ${loop}` })).toBeVisible();
  await designer.dropEdge();

  const offer = page.getByRole('dialog', { name: 'This edge would close a loop' });
  await expect(offer).toContainText(loop);
  await expect(designer.edge('update_crm', 'fetch_customer')).toHaveCount(0);
  expect(await designer.savedTexts(chainId)).toEqual(before);

  await offer.getByRole('button', { name: /^Cut .* and connect$/ }).click();
  await expect(offer).toBeHidden();
  await expect(designer.edge('update_crm', 'fetch_customer')).toBeAttached();
  await expect(page.locator('.react-flow__edge')).toHaveCount(2);
  expect((await designer.savedTexts(chainId)).documentText).not.toBe(before.documentText);

  await page.keyboard.press('Control+z');
  await expect(designer.edge('update_crm', 'fetch_customer')).toHaveCount(0);
  expect(await designer.savedTexts(chainId)).toEqual(before);

  await designer.dragEdge('fetch_customer', 'update_crm');
  await expect(designer.card('update_crm')).toHaveAttribute('data-connect', 'legal');
  await expect(designer.card('enrich_data')).toHaveAttribute('data-connect', 'duplicate');
  await designer.dropEdge();
  await expect(designer.edge('fetch_customer', 'update_crm')).toBeAttached();
  const after = JSON.parse((await designer.savedTexts(chainId)).documentText);
  expect(after.actions.update_crm.depends_on).toEqual(['enrich_data', 'fetch_customer']);
});
