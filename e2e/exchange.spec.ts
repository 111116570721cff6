import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { expect, test } from './fixtures';

test('an export is the canonical document, and imported again it is exported byte-equal', async ({
  page,
  designer,
}, testInfo) => {
  const chainId = await designer.openExample();
  const first = await exportFile(page);
  expect(first.text).toBe((await designer.savedTexts(chainId)).documentText);
  expect(first.shownHash).toBe(createHash('sha256').update(first.text).digest('hex'));

  const file = testInfo.outputPath('again.chain.json');
  await writeFile(file, first.text);
  const dialog = await openImport(page);
  await dialog.getByLabel('Choose a file, or drop one here').setInputFiles(file);
  await expect(dialog.getByText('A chain document of 3 actions')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(designer.card('update_crm')).toBeVisible();

  const second = await exportFile(page);
  expect(second.text).toBe(first.text);
  expect(second.shownHash).toBe(first.shownHash);
});

test('the mapping of a Python script is pasted, imported and run', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  const dialog = await openImport(page);
  await dialog.getByLabel('Or paste the text').fill(TUTORIAL_MAPPING);
  await expect(dialog.getByText('A mapping of 3 actions')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(designer.card('update_crm')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Problems: No problems' })).toBeVisible();
  await designer.run();
  for (const id of ['fetch_customer', 'enrich_data', 'update_crm']) await designer.expectStatus(id, /completed in/);
});

test('a broken document says what is wrong and where, and nothing is imported', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  const dialog = await openImport(page);
  const before = await chainIds(page, designer.baseUrl);

  await dialog.getByLabel('Or paste the text').fill('{\n  "fetch_customer": {\n    "definition_id": "a",,\n  }\n}');
  const alert = dialog.getByRole('alert');
  await expect(alert).toContainText('This cannot be imported');
  await expect(alert).toContainText('line 3');
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();

  await dialog
    .getByLabel('Or paste the text')
    .fill('{ "fetch_customer": { "definition_id": 7, "depends_on": [], "inputs": {} } }');
  await expect(alert).toContainText('/fetch_customer/definition_id');
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();

  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect(page.url()).toContain(chainId);
  expect(await chainIds(page, designer.baseUrl)).toEqual(before);
});

async function chainIds(page: Page, baseUrl: string): Promise<readonly string[]> {
  const { chains } = (await (await page.request.get(`${baseUrl}/api/chains`)).json()) as {
    chains: { chainId: string }[];
  };
  return chains.map(({ chainId }) => chainId);
}

async function openImport(page: Page) {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Import a chain…' }).click();
  return page.getByRole('dialog', { name: 'Import a chain' });
}

/** Downloads the document as a person does, and reads the hash that stands below it. */
async function exportFile(page: Page): Promise<{ readonly text: string; readonly shownHash: string }> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Export the chain' });
  const downloading = page.waitForEvent('download');
  await dialog.getByRole('button', { name: /^Download / }).click();
  const download = await downloading;
  await expect(dialog.getByRole('button', { name: `Download ${download.suggestedFilename()}` })).toBeVisible();
  const text = await readFile(await download.path(), 'utf8');
  const shownHash = (await dialog.getByRole('definition').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
  return { text, shownHash };
}
