import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { Download, Locator, Page } from '@playwright/test';
import { parseChainText } from '@/lib/chain/parse-chain';
import type { Workbench } from '@/lib/chain/workbench';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { EXPORT_KINDS, type ExportKind, exportChain } from '@/lib/exchange/export-chain';
import { importText } from '@/lib/exchange/import-chain';
import { printSidecar } from '@/lib/exchange/sidecar';
import { parseWorkbench } from '@/lib/exchange/workbench-text';
import { parseJson } from '@/lib/json/parse-json';
import { type Known, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { TUTORIAL_MAPPING } from '@/testing/tutorial-mapping';
import { DesignerDriver } from './designer-driver';
import { CHAIN_WITH_INPUT, DEFINITION_FILE, dropFiles, fileOf, MAPPING_WITHOUT_EDGES } from './exchange-files';
import { expect, test } from './fixtures';
import { startAppWithTenant } from './tenant';

test('an export is the canonical document, and imported again it is exported byte-equal', async ({
  page,
  designer,
}, testInfo) => {
  const chainId = await designer.openExample();
  const first = await exportChainDocument(page);
  expect(first.text).toBe((await designer.savedTexts(chainId)).documentText);
  expect(first.shownHash).toBe(createHash('sha256').update(first.text).digest('hex'));

  const file = testInfo.outputPath('again.chain.json');
  await writeFile(file, first.text);
  const dialog = await openImport(page);
  await dialog.getByLabel('Choose files…').setInputFiles(file);
  await expect(dialog.getByText('A chain document of 3 actions')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toBeHidden();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(designer.card('update_crm')).toBeVisible();

  const second = await exportChainDocument(page);
  expect(second.text).toBe(first.text);
  expect(second.shownHash).toBe(first.shownHash);
});

test('the mapping of a Python script is pasted, imported and run', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  const dialog = await openImport(page);
  await dialog.getByLabel('Or paste the text').fill(TUTORIAL_MAPPING);
  await expect(dialog.getByText('A mapping of 3 actions')).toBeVisible();
  await expect(dialog.getByText('It gets the tutorial’s meaning')).toBeVisible();
  await expect(dialog.getByRole('checkbox')).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(designer.card('update_crm')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Problems: No problems' })).toBeVisible();
  await designer.run();
  for (const id of ['fetch_customer', 'enrich_data', 'update_crm']) await designer.expectStatus(id, /completed in/);
});

test('a mapping opens with the edges that its templates imply; without them the problems offer all at once', async ({
  page,
  designer,
}) => {
  const chainId = await designer.openExample();
  const dialog = await openImport(page);
  await dialog.getByLabel('Or paste the text').fill(MAPPING_WITHOUT_EDGES);
  const offer = dialog.getByRole('checkbox', { name: 'Add the 3 edges that the templates imply' });
  await expect(offer).toBeChecked();
  await expect(dialog.getByText('fetch → enrich')).toBeVisible();
  await expect(dialog.getByText(/to mend/)).toHaveCount(0);
  await offer.uncheck();
  await expect(dialog.getByText(/errors to mend/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(designer.card('update')).toBeVisible();
  await expect(designer.edge('fetch', 'enrich')).toHaveCount(0);

  await page.getByRole('button', { name: /^Problems: 3 errors/ }).click();
  await page.getByRole('button', { name: 'Add the 3 edges that the templates imply' }).click();
  for (const [from, to] of [
    ['fetch', 'enrich'],
    ['enrich', 'update'],
    ['fetch', 'update'],
  ] as const) {
    await expect(designer.edge(from, to)).toBeAttached();
  }
  await page.keyboard.press('Control+z');
  await expect(designer.edge('fetch', 'enrich')).toHaveCount(0);
  await page.keyboard.press('Control+Shift+z');
  await designer.run();
  await designer.expectStatus('update', /completed in/);
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

  await dialog.getByLabel('Or paste the text').fill('');
  await dialog
    .getByLabel('Choose files…')
    .setInputFiles(fileOf('latin.json', Buffer.from([0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d])));
  await expect(alert).toContainText('UTF-8');
  await expect(dialog.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();

  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await expect(dialog).toBeHidden();
  expect(page.url()).toContain(chainId);
  expect(await chainIds(page, designer.baseUrl)).toEqual(before);
});

test('a definition file comes into the palette, is drawn with, completed from and answered by the simulator', async ({
  page,
  designer,
}) => {
  await designer.openExample();
  // Dropped on the page, the file opens the window by itself.
  await dropFiles(page.getByRole('main'), [{ name: 'lookup.json', text: DEFINITION_FILE }]);
  const dialog = page.getByRole('dialog', { name: 'Import' });
  await expect(dialog.getByText('One definition')).toBeVisible();
  await expect(dialog.getByText('Customer lookup', { exact: false })).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toBeHidden();

  const imported = page.getByRole('list', { name: 'Imported' });
  await imported.getByRole('button', { name: 'Add Customer lookup' }).press('Enter');
  await expect(designer.card('customer_lookup')).toBeVisible();
  await expect(designer.card('customer_lookup')).toContainText('Customer lookup');
  await expect(page.getByText('not mapped')).toHaveCount(0);
  await designer.templateField('account_id of customer_lookup').click();
  await page.keyboard.insertText('12345');
  await designer.connect('customer_lookup', 'update_crm');
  await designer.select('update_crm');
  await designer.templateField('status of update_crm').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{{ customer_lookup.');
  await page.keyboard.press('Control+Space');
  await expect(page.getByRole('option', { name: /loyalty_points/ })).toBeVisible();
  await page.keyboard.insertText('customer_id }}');
  await page.keyboard.press('Escape');
  await designer.run();
  await designer.expectStatus('customer_lookup', /completed in/);
  await designer.expectStatus('update_crm', /completed in/);

  await imported.getByRole('button', { name: 'Remove Customer lookup' }).click();
  await expect(imported).toBeHidden();
  await page.locator('[data-sonner-toast]').getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(imported.getByRole('button', { name: 'Add Customer lookup' })).toBeVisible();
  await imported.getByRole('button', { name: 'Remove Customer lookup' }).click();
  await expect(imported).toBeHidden();
});

test('a sidecar goes to the open chain as one step, and beside its chain document to the new chain', async ({
  page,
  designer,
}) => {
  const example = exampleWorkbench();
  const [fetchId] = example.chain.actions.keys();
  const moved: Workbench = {
    ...example,
    layout: new Map([...example.layout].map(([id, { x, y }]) => [id, { x: x + 64, y: y + 160 }])),
    pins: new Map([[fetchId!, new Map([['customer_id', 'C-7']])]]),
  };
  const sidecar = printSidecar(moved);
  const chainId = await designer.openExample();
  const before = await designer.savedTexts(chainId);

  const dialog = await openImport(page);
  await dialog.getByLabel('Choose files…').setInputFiles(fileOf('moved.sidecar.json', sidecar));
  await expect(dialog.getByText('A sidecar for 3 of the open chain’s actions')).toBeVisible();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(designer.card('fetch_customer')).toContainText(/pinned/i);
  expect(page.url()).toContain(chainId);
  await expect(async () => expect(sidecarOf(await designer.savedTexts(chainId))).toBe(sidecar)).toPass();
  await page.keyboard.press('Control+z');
  await expect(async () => {
    expect((await designer.savedTexts(chainId)).workbenchText, 'one undo takes it back').toBe(before.workbenchText);
  }).toPass();

  const again = await openImport(page);
  await dropFiles(again, [
    { name: 'moved.sidecar.json', text: sidecar },
    { name: 'moved.chain.json', text: before.documentText },
  ]);
  await expect(again.getByText('A sidecar for 3 of these actions')).toBeVisible();
  await again.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(designer.card('fetch_customer')).toContainText(/pinned/i);
  const newId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await expect(async () => expect(sidecarOf(await designer.savedTexts(newId))).toBe(sidecar)).toPass();
  expect((await exported(page, 'Sidecar')).text).toBe(sidecar);
});

test('every kind downloads the bytes that exportChain gives; pictures are what they say', async ({
  page,
  designer,
}) => {
  const chainId = await designer.openExample();
  const workbench = workbenchOf(await designer.savedTexts(chainId));
  const known = await knownOf(page, designer.baseUrl);
  const names: Readonly<Record<ExportKind, string>> = {
    chain: 'Chain',
    mapping: 'Mapping',
    definitions: 'Definitions',
    sidecar: 'Sidecar',
    mermaid: 'Mermaid',
    dot: 'DOT',
  };
  const dialog = await openExport(page);
  for (const kind of EXPORT_KINDS) {
    const input = workbench.sampleInputs.get('Account 12345');
    const expected = exportChain({ kind, workbench, known, ...(input === undefined ? {} : { input }) });
    if (!expected.ok) throw new Error(`${kind}: ${expected.error.message}`);
    await dialog.getByRole('radio', { name: names[kind], exact: true }).check();
    await expect(dialog.getByRole('textbox', { name: 'The text' })).toHaveValue(expected.value.text);
    const download = await downloadFrom(dialog);
    expect(download.suggestedFilename()).toBe(expected.value.fileName);
    expect(await readFile(await download.path(), 'utf8')).toBe(expected.value.text);
  }

  await dialog.getByRole('radio', { name: 'SVG', exact: true }).check();
  const preview = dialog.getByRole('img', { name: 'The chain as it lies on the canvas' });
  await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(700);
  const width = await preview.evaluate((image: HTMLImageElement) => image.naturalWidth);
  const svg = await downloadFrom(dialog);
  expect(svg.suggestedFilename()).toBe('customer-enrichment.svg');
  expect(await readFile(await svg.path(), 'utf8')).toContain('update_crm');

  await dialog.getByRole('radio', { name: 'PNG', exact: true }).check();
  const png = await downloadFrom(dialog);
  expect(png.suggestedFilename()).toBe('customer-enrichment.png');
  const bytes = await readFile(await png.path());
  expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  expect(bytes.readUInt32BE(16)).toBe(width * 2);
});

test('what a mapping cannot say is listed with its place, and is exported only when a person says so', async ({
  page,
  designer,
}) => {
  await designer.openExample();
  await designer.select('enrich_data');
  await page.getByRole('tab', { name: 'Policy' }).click();
  await page.getByLabel('Disabled: passed over in every run').check();
  const dialog = await openExport(page);
  await dialog.getByRole('radio', { name: 'Mapping', exact: true }).check();
  await expect(dialog.getByRole('region', { name: 'What a mapping cannot say' })).toContainText('/actions/enrich_data');
  await expect(dialog.getByRole('button', { name: /^Download/ })).toBeDisabled();
  await dialog.getByRole('checkbox', { name: 'Export all the same' }).check();
  const download = await downloadFrom(dialog);
  const mapping = parseJson(await readFile(await download.path(), 'utf8'));
  expect(mapping.ok && mapping.value instanceof Map && [...mapping.value.keys()]).toContain('fetch_customer');
});

test('errors stand against chain and mapping, and the draft can still be drawn', async ({ page, designer }) => {
  await designer.openExample();
  await designer.select('update_crm');
  await designer.templateField('status of update_crm').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText('{{ nobody.here }}');
  await expect(page.getByRole('button', { name: /^Problems: 1 error/ })).toBeVisible();
  const dialog = await openExport(page);
  await expect(dialog.getByRole('alert')).toContainText('nobody');
  await expect(dialog.getByRole('button', { name: /^Download/ })).toBeDisabled();
  await dialog.getByRole('radio', { name: 'DOT', exact: true }).check();
  await expect(dialog.getByRole('button', { name: /^Download/ })).toBeEnabled();
  await dialog.getByRole('radio', { name: 'Chain', exact: true }).check();
  await dialog.getByRole('button', { name: 'Show the problems' }).click();
  await expect(dialog).toBeHidden();
  await expect(designer.dock.getByText(/nobody/).first()).toBeVisible();
});

test('a literal that looks like a secret is settled by "Not a secret", and undone', async ({ page, designer }) => {
  await designer.openExample();
  await designer.select('update_crm');
  await designer.templateField('status of update_crm').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(`ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`);
  const told = page.getByRole('button', { name: /^Problems: 1 error/ });
  await told.click();
  await designer.dock.getByRole('button', { name: 'Not a secret' }).click();
  await expect(told).toBeHidden();
  await designer.run();
  await designer.expectStatus('update_crm', /completed in/);
  await page.keyboard.press('Control+z');
  await expect(told).toBeVisible();
});

test('deleting an action says who waited for it and who reads it; Undo brings it back', async ({ page, designer }) => {
  await designer.openExample();
  await designer.select('fetch_customer');
  await page.keyboard.press('Delete');
  await expect(page.getByText('1 action waited for it, 1 template reads it: enrich_data')).toBeVisible();
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await expect(designer.dock.getByText(/fetch_customer/).first()).toBeVisible();
  await page.keyboard.press('Control+z');
  await expect(designer.card('fetch_customer')).toBeVisible();
});

test('ids are mapped to the definitions of a tenant by name, and the chain runs there', async ({ page }) => {
  test.setTimeout(90_000);
  const { app, stop } = await startAppWithTenant();
  try {
    const designer = await DesignerDriver.attach(page, app.baseUrl);
    await designer.openExample();
    const dialog = await openImport(page);
    await dialog.getByLabel('Choose files…').setInputFiles([fileOf('lookup.json', DEFINITION_FILE)]);
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    const imported = page.getByRole('list', { name: 'Imported' });
    await expect(imported).toContainText('not mapped');
    await imported.getByRole('button', { name: 'Add Customer lookup' }).click();
    await designer.templateField('account_id of customer_lookup').click();
    await page.keyboard.insertText('12345');

    await page.getByRole('button', { name: /^Problems: 1 warning/ }).click();
    await designer.dock.getByRole('button', { name: 'Map it' }).click();
    const map = page.getByRole('dialog', { name: /^Definitions of CXone/ });
    await expect(map.getByText('3 of 4 mapped')).toBeVisible();
    await map.getByRole('button', { name: 'Fill by equal name' }).click();
    await expect(map.getByText('4 of 4 mapped')).toBeVisible();
    await expect(map.getByRole('status')).toHaveText('1 id filled.');
    const downloading = page.waitForEvent('download');
    await map.getByRole('button', { name: 'Export' }).click();
    const file = await readFile(await (await downloading).path(), 'utf8');
    const read = importText(file);
    expect(read.ok && read.value.kind === 'connection-map' && [...read.value.map]).toEqual([
      ['local:customer-lookup', 'your-definition-id-1'],
    ]);
    await map.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(map).toBeHidden();
    await expect(imported).not.toContainText('not mapped');
    await designer.run();
    await designer.expectStatus('customer_lookup', /completed in/);
    await designer.expectStatus('update_crm', /completed in/);

    // The saved map is there after a reload, and an imported file is added to it.
    await page.reload();
    await designer.waitUntilHydrated();
    await page.getByRole('button', { name: /^Connection/ }).click();
    await page.getByRole('menuitem', { name: /^Definitions: 4 of 4 mapped/ }).click();
    await map.getByRole('combobox').last().selectOption('Another id…');
    await map.getByLabel('Id in the tenant for local:customer-lookup').fill('');
    await expect(map.getByText('3 of 4 mapped')).toBeVisible();
    await map.getByLabel('Connection map file').setInputFiles(fileOf('map.json', file));
    await expect(map.getByText('4 of 4 mapped')).toBeVisible();
    await page.keyboard.press('Escape');

    // What the server does not take is told, and the window stays.
    designer.allowErrors(/Failed to load resource/);
    await page.getByRole('button', { name: /^Connection/ }).click();
    await page.getByRole('menuitem', { name: /^Definitions: 4 of 4 mapped/ }).click();
    await page.route('**/api/connections/*/map', (route) => route.abort());
    await map.getByRole('button', { name: 'Save', exact: true }).click();
    await expect(map.getByRole('alert')).toContainText('cannot be reached');
    designer.expectNoErrors();
  } finally {
    await stop();
  }
});

test('a mapping whose input nobody gave is refused, as on the command line', async ({ page, designer }) => {
  await designer.openExample();
  const dialog = await openImport(page);
  await dialog.getByLabel('Or paste the text').fill(CHAIN_WITH_INPUT);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(designer.card('lookup')).toBeVisible();
  const exporting = await openExport(page);
  await exporting.getByRole('radio', { name: 'Mapping', exact: true }).check();
  await expect(exporting.getByRole('alert')).toContainText('give the input whose values are to be written into it');
  await expect(exporting.getByRole('alert').getByText('input.account_id')).toHaveCount(1);
  await expect(exporting.getByRole('button', { name: /^Download/ })).toBeDisabled();
  await exporting.getByRole('button', { name: 'Close' }).click();
});

test('files of one name are both imported, each mapping under the name of its file if wished', async ({
  page,
  designer,
}) => {
  const chainId = await designer.openExample();
  const dialog = await openImport(page);
  await dialog
    .getByLabel('Choose files…')
    .setInputFiles([fileOf('orders.json', TUTORIAL_MAPPING), fileOf('orders.json', MAPPING_WITHOUT_EDGES)]);
  await expect(dialog.getByText('A mapping of 3 actions')).toHaveCount(2);
  await expect(dialog.getByText('orders.json (2 of 2)')).toBeVisible();
  const naming = dialog.getByRole('checkbox', { name: 'Name the chain “orders”, as its file' });
  await expect(naming).toHaveCount(2);
  await naming.last().uncheck();
  const before = await chainIds(page, designer.baseUrl);
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await expect(dialog).toBeHidden();
  const after = (await (await page.request.get(`${designer.baseUrl}/api/chains`)).json()) as {
    chains: { chainId: string; name: string }[];
  };
  const names = after.chains.filter((chain) => !before.includes(chain.chainId)).map(({ name }) => name);
  expect(names.sort()).toEqual(['Unnamed chain', 'orders']);
});

test('mending a problem by the keyboard goes on with the next one', async ({ page, designer }) => {
  const chainId = await designer.openExample();
  const dialog = await openImport(page);
  await dialog.getByLabel('Or paste the text').fill(MAPPING_WITHOUT_EDGES);
  await dialog.getByRole('checkbox', { name: /^Add the 3 edges/ }).uncheck();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(chainId));
  await page.getByRole('button', { name: /^Problems: 3 errors/ }).click();
  await designer.dock.getByRole('button', { name: 'Errors 3' }).click();
  await expect(designer.dock.locator('[data-problem]')).toHaveCount(3);
  // Two edges make a path, which the third one would repeat.
  for (const left of [2, 0]) {
    await designer.dock
      .getByRole('button', { name: /^Make .* depend on/ })
      .first()
      .press('Enter');
    await expect(
      page.getByRole('button', {
        name: left === 0 ? /^Problems: (?!.*error)/ : new RegExp(`^Problems: ${left} error`),
      }),
    ).toBeVisible();
    await expect(designer.dock.locator('[data-problem]:focus, [aria-label="Problems"]:focus')).toHaveCount(1);
  }
});

test('the palette is one stop of Tab: arrows go through it, and Delete takes an imported definition out', async ({
  page,
  designer,
}) => {
  await designer.openExample();
  await dropFiles(page.getByRole('main'), [
    { name: 'lookup.json', text: DEFINITION_FILE },
    { name: 'lookup.json', text: DEFINITION_FILE.replace('Customer lookup', 'Zip lookup') },
  ]);
  const dialog = page.getByRole('dialog', { name: 'Import' });
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toBeHidden();
  const imported = page.getByRole('list', { name: 'Imported' });
  const remaining = imported.getByRole('button', { name: 'Add Zip lookup' });
  await expect(remaining).toBeVisible();

  const palette = page.getByRole('region', { name: 'Definitions' });
  await palette.getByRole('searchbox', { name: 'Search definitions' }).focus();
  await page.keyboard.press('Tab');
  await expect(palette.getByRole('button', { name: 'Add Customer lookup' }).first()).toBeFocused();
  await page.keyboard.press('End');
  await expect(remaining).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(imported.getByRole('button', { name: 'Add Customer lookup' })).toBeFocused();
  await page.keyboard.press('Delete');
  await expect(imported.getByRole('button', { name: 'Add Customer lookup' })).toHaveCount(0);
  await expect(remaining).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(palette.getByRole('button', { name: 'By id…' })).toBeFocused();
  await remaining.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await expect(imported).toBeHidden();
});

async function chainIds(page: Page, baseUrl: string): Promise<readonly string[]> {
  const { chains } = (await (await page.request.get(`${baseUrl}/api/chains`)).json()) as {
    chains: { chainId: string }[];
  };
  return chains.map(({ chainId }) => chainId);
}

interface SavedTexts {
  readonly documentText: string;
  readonly workbenchText: string;
}

function workbenchOf({ documentText, workbenchText }: SavedTexts): Workbench {
  const chain = parseChainText(documentText);
  if (!chain.ok) throw new Error(chain.error[0]?.message);
  const workbench = parseWorkbench(chain.value, workbenchText);
  if (!workbench.ok) throw new Error(workbench.error[0]?.message);
  return workbench.value;
}

const sidecarOf = (texts: SavedTexts): string => printSidecar(workbenchOf(texts));

/** What the page knows of definitions, asked for as the page asks. */
async function knownOf(page: Page, baseUrl: string): Promise<Known> {
  const answer = await page.request.get(`${baseUrl}/api/connections/simulator/definitions`);
  const { definitions } = (await answer.json()) as {
    definitions: {
      id: string;
      name: string;
      description: string;
      inputSchemaText: string | null;
      outputSchemaText: string | null;
      effect: 'read' | 'idempotent' | 'write' | null;
    }[];
  };
  const schemaOf = (text: string | null) => {
    const parsed = text === null ? null : parseJson(text);
    return parsed?.ok === true ? parsed.value : null;
  };
  const byId = new Map(
    definitions.map(({ inputSchemaText, outputSchemaText, ...rest }) => [
      rest.id,
      {
        ...rest,
        inputSchema: schemaOf(inputSchemaText),
        outputSchema: schemaOf(outputSchemaText),
        origin: 'connection' as const,
      },
    ]),
  );
  return { ...NOTHING_KNOWN, definitions: byId };
}

async function openImport(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Import…' }).click();
  return page.getByRole('dialog', { name: 'Import' });
}

async function openExport(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  return page.getByRole('dialog', { name: 'Export the chain' });
}

async function downloadFrom(dialog: Locator): Promise<Download> {
  const downloading = dialog.page().waitForEvent('download');
  await dialog.getByRole('button', { name: /^Download / }).click();
  return downloading;
}

/** Takes the chain as one kind of file, as a person does. */
async function exported(page: Page, kind: string): Promise<{ readonly text: string }> {
  const dialog = await openExport(page);
  await dialog.getByRole('radio', { name: kind, exact: true }).check();
  const text = await readFile(await (await downloadFrom(dialog)).path(), 'utf8');
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
  return { text };
}

/** Downloads the document as a person does, and reads the hash that stands below it. */
async function exportChainDocument(page: Page): Promise<{ readonly text: string; readonly shownHash: string }> {
  const dialog = await openExport(page);
  const download = await downloadFrom(dialog);
  await expect(dialog.getByRole('button', { name: `Download ${download.suggestedFilename()}` })).toBeVisible();
  const text = await readFile(await download.path(), 'utf8');
  const shownHash = (await dialog.getByRole('definition').textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
  return { text, shownHash };
}
