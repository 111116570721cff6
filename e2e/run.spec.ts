import type { Page, WebSocketRoute } from '@playwright/test';
import { expect, test } from './fixtures';

const FETCH = 'your-definition-id-1';
const ENRICH = 'your-definition-id-2';
const EXAMPLE = ['fetch_customer', 'enrich_data', 'update_crm'];

/** Long enough that a person sees the call run; every test that uses it heals or stops the call. */
const HELD_MS = 60_000;

test.afterEach(async ({ designer }) => {
  for (const id of [FETCH, ENRICH]) await designer.setFault(id, null);
});

test('a run goes through all actions, and their outputs can be read', async ({ page, designer }) => {
  await designer.openExample();
  await designer.run();
  for (const id of EXAMPLE) {
    await designer.expectStatus(id, /completed in \d/);
    await expect(designer.card(id)).toContainText(/\d ?m?s/);
  }
  const run = designer.dock.getByRole('group', { name: 'The run' });
  await expect(run).toContainText('Completed');
  await expect(run).toContainText('3 of 3');
  await expect(run).toContainText('simulat');

  await designer.dock.getByRole('option', { name: /^fetch_customer, completed/ }).click();
  await expect(page.getByRole('textbox', { name: 'Action id' })).toHaveValue('fetch_customer');
  const output = designer.dock.getByRole('list', { name: 'Output of fetch_customer' });
  await expect(output).toContainText('customer_id: "CUST-');
  await designer.openDockTab('Values');
  await expect(designer.dock.getByRole('region', { name: 'Output of update_crm' })).toContainText('record_id');
  await designer.openDockTab('Log');
  await expect(designer.dock).toContainText('The run completed');
});

test('an edge into a running action moves, and Stop cancels the call', async ({ page, designer }) => {
  await designer.openExample();
  await designer.setFault(ENRICH, { type: 'slow', delayMs: HELD_MS });
  expect(await inkOfMotion(page)).toBe(0);
  await designer.run();
  await designer.expectStatus('enrich_data', /running/);
  await expect.poll(() => inkOfMotion(page), { message: 'dots on the canvas' }).toBeGreaterThan(0);

  await designer.dock.getByRole('button', { name: 'Stop' }).click();
  await designer.expectStatus('enrich_data', /.*[Cc]ancelled/);
  await designer.expectStatus('update_crm', /skipped/);
  await designer.expectStatus('fetch_customer', /completed/);
  await expect(designer.dock.getByRole('group', { name: 'The run' })).toContainText('Cancelled');
  await expect.poll(() => inkOfMotion(page), { message: 'dots after the run' }).toBe(0);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible();
});

test('who asked for less motion sees no dot move', async ({ page, designer }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await designer.openExample();
  await designer.setFault(ENRICH, { type: 'slow', delayMs: HELD_MS });
  await designer.run();
  await designer.expectStatus('enrich_data', /running/);
  await expect(designer.card('enrich_data')).toContainText(/[1-9]\.\d s/);
  expect(await inkOfMotion(page)).toBe(0);
  await page.getByRole('button', { name: 'Stop' }).first().click();
  await expect(designer.dock.getByRole('group', { name: 'The run' })).toContainText('Cancelled');
});

test('a changed sample input is what the run reads', async ({ page, designer }) => {
  await designer.openExample();
  await page.getByRole('button', { name: 'Sample inputs: Account 12345' }).click();
  const dialog = page.getByRole('dialog', { name: 'Sample inputs' });
  await dialog.getByRole('textbox', { name: 'account_id' }).fill('777');
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();

  await designer.run();
  await designer.expectStatus('update_crm', /completed/);
  await designer.dock.getByRole('option', { name: /^fetch_customer/ }).click();
  await expect(designer.dock.getByRole('list', { name: 'Output of fetch_customer' })).toContainText(
    'account_id: "777"',
  );
});

test('a failed call is explained, what completed is kept, and healed it runs to the end', async ({ designer }) => {
  await designer.openExample();
  await designer.setFault(ENRICH, { type: 'status', status: 503 });
  await designer.run();
  await designer.expectStatus('enrich_data', /failed.*503/);
  await designer.expectStatus('fetch_customer', /completed/);
  await designer.expectStatus('update_crm', /skipped/);
  await expect(designer.card('enrich_data')).toContainText('503');
  await expect(designer.dock.getByRole('group', { name: 'The run' })).toContainText('Failed');

  await designer.dock.getByRole('option', { name: /^enrich_data/ }).click();
  const why = designer.dock.getByLabel('Why enrich_data failed');
  await expect(why).toContainText('503');
  await expect(why).toContainText('Likely causes');
  await expect(why).toContainText('What to do next');
  expect(await why.getByRole('listitem').count()).toBeGreaterThan(2);

  await designer.dock.getByRole('option', { name: /^fetch_customer/ }).click();
  await expect(designer.dock.getByRole('list', { name: 'Output of fetch_customer' })).toContainText('customer_id');
  await designer.dock.getByRole('option', { name: /^update_crm/ }).click();
  await expect(designer.dock).toContainText(/enrich_data (failed and halted the run|, which did not complete)/);

  await designer.setFault(ENRICH, null);
  await designer.dock.getByRole('button', { name: 'Run again' }).click();
  for (const id of EXAMPLE) await designer.expectStatus(id, /completed/);
});

test('a rate limit is waited for as long as the server asks, and then passes', async ({ designer }) => {
  await designer.openExample();
  await designer.setFault(ENRICH, { type: 'status', status: 429, retryAfterSec: 3, times: 1 });
  await designer.run();
  await designer.expectStatus('enrich_data', /waiting to retry/);
  await expect(designer.card('enrich_data')).toContainText(/2\/4 · in [123] s/);
  await designer.expectStatus('enrich_data', /completed in .* after 2 attempts/);
  await designer.expectStatus('update_crm', /completed/);
  await expect(designer.card('enrich_data')).toContainText('recovered');

  await designer.dock.getByRole('option', { name: /^enrich_data/ }).click();
  await designer.dock.getByRole('tab', { name: 'Attempts (2)' }).click();
  await expect(designer.dock).toContainText('The server asked to wait; the next attempt was set for 3 s later.');
});

test('a lost connection is said, and the run is then shown to its end without a gap', async ({ page, designer }) => {
  let isCut = false;
  const open = new Set<WebSocketRoute>();
  await page.routeWebSocket(/\/ws$/, (socket) => {
    if (isCut) {
      void socket.close({ code: 1001 });
      return;
    }
    socket.connectToServer();
    open.add(socket);
  });
  const chainId = await designer.openExample();
  await designer.setFault(ENRICH, { type: 'slow', delayMs: 1500 });
  await designer.run();
  await designer.expectStatus('enrich_data', /running/);

  isCut = true;
  for (const socket of open) await socket.close({ code: 1001 });
  const words = designer.dock.getByText('Connection lost, the run continues on the server');
  await expect(words).toBeVisible();
  await expect
    .poll(() => statusOfLatestRun(page, designer.baseUrl, chainId), { message: 'the run in the server' })
    .toBe('completed');
  // The page was not told, and does not guess.
  await designer.expectStatus('enrich_data', /running/);

  isCut = false;
  for (const id of EXAMPLE) await designer.expectStatus(id, /completed/);
  await expect(words).toBeHidden();
  await designer.openDockTab('Log');
  const lines = designer.dock.getByRole('region', { name: 'Log of the run' }).getByRole('listitem');
  await expect(lines).toHaveCount((await latestRun(page, designer.baseUrl, chainId)).lastSeq);
  await expect(lines.last()).toContainText('The run completed');
});

/** How many pixels of the layer that draws motion hold any colour. */
function inkOfMotion(page: Page): Promise<number> {
  return page.locator('canvas.motion-layer').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, index) => index % 4 === 3 && value > 0).length;
  });
}

async function latestRun(
  page: Page,
  baseUrl: string,
  chainId: string,
): Promise<{ readonly status: string; readonly lastSeq: number }> {
  const answer = await page.request.get(`${baseUrl}/api/runs?chainId=${chainId}`);
  const { runs } = (await answer.json()) as { runs: { status: string; lastSeq: number }[] };
  const [run] = runs;
  if (run === undefined) throw new Error('The chain has no run');
  return run;
}

const statusOfLatestRun = async (page: Page, baseUrl: string, chainId: string): Promise<string> =>
  (await latestRun(page, baseUrl, chainId)).status;

test('a double click on Run and a held key start one run', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  const runsOf = async (): Promise<number> => {
    const answer = await page.request.get(`${designer.baseUrl}/api/runs?chainId=${chainId}`);
    return ((await answer.json()) as { readonly runs: readonly unknown[] }).runs.length;
  };
  await page.getByRole('button', { name: 'Run', exact: true }).dblclick();
  await designer.expectStatus('update_crm', /completed/);
  expect(await runsOf()).toBe(1);

  // A key that is held sends its stroke again and again.
  await page.keyboard.down('Control');
  for (let i = 0; i < 4; i++) await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  await page.keyboard.up('Control');
  await expect.poll(runsOf).toBe(2);
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeEnabled({ timeout: 15_000 });
  expect(await runsOf()).toBe(2);
  designer.expectNoErrors();
});
