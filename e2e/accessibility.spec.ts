import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { DesignerDriver } from './designer-driver';
import { DEFINITION_FILE, fileOf, MAPPING_WITHOUT_EDGES } from './exchange-files';
import { expect, test } from './fixtures';
import { startAppWithTenant } from './tenant';

const ENRICH = 'your-definition-id-2';

// Each walk is long and needs nothing of the others.
test.describe.configure({ mode: 'parallel' });

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on the chains and in the windows over a page, ${theme}`, async ({
    page,
    designer,
  }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const { found, look } = looker(page);

    await designer.openExample();
    await look('designer');
    await designer.open('/chains');
    await expect(page.getByRole('heading', { name: 'Chains' })).toBeVisible();
    await expect(page.getByRole('listitem').first()).toBeVisible();
    await look('chains');
    await page
      .getByRole('button', { name: /^Delete / })
      .first()
      .click();
    await expect(page.getByRole('dialog')).toBeVisible();
    await look('delete a chain', '[role="dialog"]');
    await page.keyboard.press('Escape');

    await designer.openExample();
    for (const [opens, dialog] of [
      ['Control+k', 'Commands'],
      ['n', 'Add an action'],
      ['?', 'Keyboard shortcuts'],
    ] as const) {
      await page.keyboard.press(opens);
      await expect(page.getByRole('dialog', { name: dialog })).toBeVisible();
      await look(dialog, '[role="dialog"]');
      await page.keyboard.press('Escape');
      await expect(page.getByRole('dialog')).toHaveCount(0);
    }
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Export the chain' })).toBeVisible();
    await look('export', '[role="dialog"]');
    for (const kind of ['Mapping', 'SVG']) {
      await page.getByRole('radio', { name: kind, exact: true }).check();
      await look(`export, ${kind}`, '[role="dialog"]');
    }
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /^Sample inputs/ }).click();
    await expect(page.getByRole('dialog', { name: 'Sample inputs' })).toBeVisible();
    await look('sample inputs', '[role="dialog"]');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await look('menu');
    await page.getByRole('menuitem', { name: 'Import…' }).click();
    await page.getByLabel('Or paste the text').fill('{ "a": 1 }');
    await expect(page.getByText('This cannot be imported')).toBeVisible();
    await look('import, refused', '[role="dialog"]');
    await page.getByLabel('Or paste the text').fill(MAPPING_WITHOUT_EDGES);
    await page.getByLabel('Choose files…').setInputFiles(fileOf('lookup.json', DEFINITION_FILE));
    await expect(page.getByText('One definition')).toBeVisible();
    await look('import', '[role="dialog"]');
    expect(found, 'serious or critical findings').toEqual([]);
  });

  test(`axe finds nothing serious where definitions are imported and mapped, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const { app, stop } = await startAppWithTenant();
    try {
      const designer = await DesignerDriver.attach(page, app.baseUrl);
      const { found, look } = looker(page);
      await designer.openExample();
      await page.getByRole('button', { name: 'Import…' }).click();
      await page.getByLabel('Choose files…').setInputFiles(fileOf('lookup.json', DEFINITION_FILE));
      await page.getByRole('button', { name: 'Import', exact: true }).click();
      const imported = page.getByRole('list', { name: 'Imported' });
      await expect(imported).toContainText('not mapped');
      await look('imported, with the notice');
      await imported.getByRole('button', { name: 'Add Customer lookup' }).press('Enter');
      await page.getByRole('button', { name: /^Problems: / }).click();
      await look('not mapped');
      await designer.dock.getByRole('button', { name: 'Map it' }).press('Enter');
      await expect(page.getByRole('dialog', { name: /^Definitions of/ })).toBeVisible();
      await page.getByRole('combobox').last().selectOption('Another id…');
      await look('connection map', '[role="dialog"]');
      expect(found, 'serious or critical findings').toEqual([]);
      designer.expectNoErrors();
    } finally {
      await stop();
    }
  });

  test(`axe finds nothing serious in inspector, canvas and run dock, ${theme}`, async ({ page, designer }) => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    const { found, look } = looker(page);

    await designer.openExample();
    await designer.select('enrich_data');
    await page.keyboard.press('e');
    await expect(page.getByRole('dialog', { name: /connect/i })).toBeVisible();
    await look('connect', '[role="dialog"]');
    await page.keyboard.press('Escape');
    for (const tab of ['Inputs', 'Policy', 'Last run', 'Relations', 'Notes']) {
      await page.getByRole('tab', { name: tab }).click();
      await look(`inspector, ${tab}`, 'section[aria-label="Inspector"]');
    }
    await designer.connect('update_crm', 'fetch_customer');
    await expect(page.getByRole('dialog', { name: 'This edge would close a loop' })).toBeVisible();
    await look('offer about a loop', '[role="dialog"]');
    await page.keyboard.press('Escape');

    try {
      await designer.setFault(ENRICH, { type: 'status', status: 503 });
      await designer.run();
      await designer.expectStatus('enrich_data', /failed/);
    } finally {
      await designer.setFault(ENRICH, null);
    }
    await designer.select('enrich_data');
    await look('failed run');
    for (const tab of ['Problems', 'Log', 'Trace', 'Values']) {
      await designer.openDockTab(tab);
      await look(`dock, ${tab}`, 'section[aria-label="Run dock"]');
    }
    expect(found, 'serious or critical findings').toEqual([]);
  });
}

/** Gathers findings over a walk through many states, so that one failure does not hide the next. */
function looker(page: Page): {
  readonly found: readonly string[];
  /** @param part what is new in this state; without it the whole page is looked at. */
  readonly look: (where: string, part?: string) => Promise<void>;
} {
  const found: string[] = [];
  const look = async (where: string, part?: string): Promise<void> => {
    const axe = new AxeBuilder({ page });
    const { violations } = await (part === undefined ? axe : axe.include(part)).analyze();
    for (const { id, help, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      found.push(...nodes.map((node) => `${where}: ${id}: ${help}: ${node.html.slice(0, 200)}`));
    }
  };
  return { found, look };
}
