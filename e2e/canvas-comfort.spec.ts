import type { Locator } from '@playwright/test';
import { printChain } from '@/lib/chain/print-chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { printWorkbench } from '@/lib/exchange/workbench-text';
import { chainOf } from '@/testing/chain-builder';
import { expect, test } from './fixtures';

test('a chain without places opens laid out and unsaved, and its cards stay when an edge is added', async ({
  page,
  designer,
}) => {
  const chain = chainOf('a b c d', 'a>b', 'b>c', 'gone>c', 'a>c');
  const answer = await page.request.post(`${designer.baseUrl}/api/chains`, {
    data: { documentText: printChain(chain), workbenchText: printWorkbench(workbenchOf(chain)) },
  });
  const { chainId } = (await answer.json()) as { chainId: string };
  await designer.open(`/chains/${chainId}`);
  await expect(designer.card('d')).toBeVisible();
  expect(JSON.parse((await designer.savedTexts(chainId)).workbenchText).layout).toEqual({});

  const before = await Promise.all(['a', 'b', 'c', 'd'].map((id) => designer.card(id).boundingBox()));
  await designer.connect('c', 'd');
  await expect(designer.edge('c', 'd')).toBeAttached();
  expect(await Promise.all(['a', 'b', 'c', 'd'].map((id) => designer.card(id).boundingBox()))).toEqual(before);
});

test('Escape on a card ends its selection and leaves the keyboard there', async ({ page, designer }) => {
  await designer.openExample();
  await designer.select('enrich_data');
  await page.keyboard.press('ArrowRight');
  await expect(designer.card('update_crm')).toHaveAttribute('data-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(designer.card('update_crm')).not.toHaveAttribute('data-selected', 'true');
  await expect(page.locator('.react-flow__node[data-id="update_crm"]')).toBeFocused();
});

test('a toast covers neither the palette nor the controls of the canvas, and undo stands in the bar', async ({
  page,
  designer,
}) => {
  await designer.openExample();
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toBeDisabled();
  await designer.select('update_crm');
  await page.keyboard.press('Delete');
  const toast = page.locator('[data-sonner-toast]').filter({ hasText: 'Deleted update_crm' });
  await expect(toast).toBeVisible();
  const needed = [page.getByRole('region', { name: 'Definitions' }), page.locator('.react-flow__controls')];
  for (const other of needed) await expect.poll(() => overlap(toast, other)).toBe(false);
  await page.getByRole('main').getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(designer.card('update_crm')).toBeVisible();
});

async function overlap(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [(await one.boundingBox())!, (await other.boundingBox())!];
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
