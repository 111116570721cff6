import path from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { startApp } from './app-server';
import { DesignerDriver } from './designer-driver';
import { findLayoutFlaws } from './layout-checks';

const SIZES = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** Long enough to look at a running action in peace. */
const SLOW_MS = 5000;

/** Set by `npm run pictures`: where pictures go, and which of them if not all. */
const pictureFolder = process.env['CHAINWRIGHT_PICTURES'];
const chosen = process.env['CHAINWRIGHT_PICTURES_CHOSEN']?.split(',');

for (const theme of ['light', 'dark'] as const) {
  for (const size of SIZES) {
    const where = `${theme} at ${size.width} × ${size.height}`;
    test(`nothing overlaps, is clipped or hard to read in ${where}`, async ({ page }) => {
      test.setTimeout(180_000);
      await page.setViewportSize(size);
      await page.emulateMedia({ colorScheme: theme });
      // A folder of its own: this is what a person sees who starts Chainwright for the first time.
      const app = await startApp();
      const found: string[] = [];
      const look = async (state: string): Promise<void> => {
        await savePicture(page, `${state}-${theme}-${size.width}`);
        found.push(...(await findLayoutFlaws(page)).map((flaw) => `${state}: ${flaw}`));
      };
      try {
        const designer = await DesignerDriver.attach(page, app.baseUrl);
        await designer.open();
        await expect(designer.card('update_crm')).toBeVisible();
        await page.evaluate(() => document.fonts.ready);
        await look('first-open');

        await designer.dragEdge('update_crm', 'fetch_customer');
        await expect(page.getByText(/would loop/).first()).toBeVisible();
        await look('refused-edge');
        await designer.dropEdge();
        await expect(page.getByRole('dialog', { name: 'This edge would close a loop' })).toBeVisible();
        await look('refused-edge-offer');
        await page.keyboard.press('Escape');

        await designer.setFault('your-definition-id-2', { type: 'slow', delayMs: SLOW_MS });
        await designer.run();
        await designer.expectStatus('enrich_data', /running/);
        await look('running');
        await designer.expectStatus('update_crm', /completed/, 3 * SLOW_MS);
        await look('completed');

        await designer.setFault('your-definition-id-2', { type: 'status', status: 400 });
        await designer.run();
        await designer.expectStatus('enrich_data', /failed/);
        await designer.select('enrich_data');
        await look('failed');

        expect(found, 'what is wrong with how it looks').toEqual([]);
        designer.expectNoErrors();
      } finally {
        await app.stop();
      }
    });
  }
}

async function savePicture(page: Page, name: string): Promise<void> {
  if (pictureFolder === undefined || (chosen !== undefined && !chosen.includes(name))) return;
  await page.screenshot({ path: path.join(pictureFolder, `${name}.png`) });
}
