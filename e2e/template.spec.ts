import { expect, test } from './fixtures';

test('a template is completed by keyboard, a wrong one is mended, and a run shows its value', async ({
  page,
  designer,
}) => {
  const chainId = await designer.openExample();
  await designer.select('enrich_data');
  const field = designer.templateField('customer_id of enrich_data');
  const notes = page.getByRole('region', { name: 'Inspector' });
  await expect(notes).toContainText('no value yet');

  await field.click();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.type('{{ ');
  const options = page.getByRole('listbox', { name: 'Completions' });
  await expect(options.getByRole('option', { name: /^fetch_customer\b(?!\.)/ })).toBeVisible();
  await page.keyboard.type('fetch_c');
  await expect(options.getByRole('option').first()).toHaveText(/^fetch_customer(?!\.)/);
  await expect(options.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await page.keyboard.type('.');
  const wanted = options.getByRole('option', { name: /^customer_id/ });
  await expect(wanted).toBeVisible();
  while ((await wanted.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(options).toBeHidden();
  await page.keyboard.type(' }}');
  await expect(field).toHaveText('{{ fetch_customer.customer_id }}');
  const saved = JSON.parse((await designer.savedTexts(chainId)).documentText);
  expect(saved.actions.enrich_data.inputs).toEqual({ customer_id: '{{ fetch_customer.customer_id }}' });

  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{{ fetch_customer.custmer_id }}');
  await expect(notes.getByText(/custmer_id is not in the output of fetch_customer\. Did you mean/)).toBeVisible();
  await expect(page.getByRole('button', { name: /^Problems: 1 / })).toBeVisible();
  await notes
    .getByRole('button', { name: /customer_id/ })
    .and(page.locator(':not([aria-label])'))
    .click();
  await expect(field).toHaveText('{{ fetch_customer.customer_id }}');
  await expect(page.getByRole('button', { name: 'Problems: No problems' })).toBeVisible();

  await designer.run();
  await designer.expectStatus('update_crm', /completed/);
  await expect(notes.getByText(/^= "CUST-/)).toBeVisible();
  await expect(notes).toContainText('· string · last run');
});
