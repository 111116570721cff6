import { expect, type Locator, type Page } from '@playwright/test';
import { printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { printWorkbench } from '@/lib/exchange/workbench-text';
import type { SimulatorFault } from '@/lib/protocol/api';
import { collectPageErrors, type PageError } from './page-errors';

/** The one way in which tests touch the page. By role and name, as a person would find things. */
export class DesignerDriver {
  private readonly allowedErrors: RegExp[] = [];

  private constructor(
    readonly page: Page,
    readonly baseUrl: string,
    private readonly errors: readonly PageError[],
  ) {}

  /** Takes hold of a page before it is opened, so that no error of it is missed. */
  static async attach(page: Page, baseUrl: string): Promise<DesignerDriver> {
    return new DesignerDriver(page, baseUrl, await collectPageErrors(page));
  }

  /** Opens the application and waits until it answers to a person. */
  async open(path = '/'): Promise<void> {
    await this.page.goto(this.baseUrl + path);
    await this.waitUntilHydrated();
  }

  /**
   * Opens a new chain of its own that says what the first example says, so tests that share a server cannot meet.
   *
   * @returns The id of the chain.
   */
  async openExample(): Promise<string> {
    const workbench = exampleWorkbench();
    const answer = await this.page.request.post(`${this.baseUrl}/api/chains`, {
      data: { documentText: printChain(workbench.chain), workbenchText: printWorkbench(workbench) },
    });
    expect(answer.status(), await answer.text()).toBeLessThan(300);
    const { chainId } = (await answer.json()) as { chainId: string };
    await this.open(`/chains/${chainId}`);
    await expect(this.card('update_crm')).toBeVisible();
    return chainId;
  }

  /** Only code that runs in the browser sets this mark: the server's HTML alone never has it. */
  async waitUntilHydrated(timeoutMs = 30_000): Promise<void> {
    await expect(this.page.locator('main[data-hydrated="true"]')).toBeVisible({ timeout: timeoutMs });
  }

  /** The card of an action, whatever its state. */
  card(actionId: string): Locator {
    return this.page.getByRole('article', { name: new RegExp(`^${escapeForRegExp(actionId)}, action`) });
  }

  /** Waits until the card of an action says so: `/completed/`, `/^failed/`. */
  async expectStatus(actionId: string, words: RegExp, timeoutMs = 15_000): Promise<void> {
    const name = new RegExp(`^${escapeForRegExp(actionId)}, action, ([^,]*, )*${words.source}`);
    await expect(this.page.getByRole('article', { name })).toBeVisible({ timeout: timeoutMs });
  }

  /** Presses Run, which starts the whole chain with the chosen sample inputs. */
  async run(): Promise<void> {
    await this.page.getByRole('button', { name: 'Run', exact: true }).click();
  }

  /** Drags an edge from one card's output to another's input, and holds it there. */
  async dragEdge(from: string, to: string): Promise<void> {
    const start = await centerOf(this.page.getByLabel(`Output of ${from}`, { exact: true }));
    const end = await centerOf(this.page.getByLabel(`Input of ${to}`, { exact: true }));
    await this.page.mouse.move(start.x, start.y);
    await this.page.mouse.down();
    await this.page.mouse.move((start.x + end.x) / 2, start.y + 60, { steps: 8 });
    await this.page.mouse.move(end.x, end.y, { steps: 8 });
  }

  /** Lets go of what {@link dragEdge} holds. */
  async dropEdge(): Promise<void> {
    await this.page.mouse.up();
  }

  async connect(from: string, to: string): Promise<void> {
    await this.dragEdge(from, to);
    await this.dropEdge();
  }

  /** Selects an action; the inspector shows it. */
  async select(actionId: string): Promise<void> {
    await this.card(actionId).getByRole('heading').click();
  }

  /** The document and what lies beside it as the server has them, once the page says that all is saved. */
  async savedTexts(chainId: string): Promise<{ readonly documentText: string; readonly workbenchText: string }> {
    await this.expectSaveState('Saved');
    const answer = await this.page.request.get(`${this.baseUrl}/api/chains/${chainId}`);
    expect(answer.status(), await answer.text()).toBe(200);
    const { documentText, workbenchText } = (await answer.json()) as { documentText: string; workbenchText: string };
    return { documentText, workbenchText };
  }

  /** Waits until the words beside the chain's name are these. */
  async expectSaveState(words: string): Promise<void> {
    await expect(this.page.getByRole('status', { name: 'Saving' })).toHaveText(words);
  }

  /** Drags a card by its title. */
  async dragCard(actionId: string, by: { readonly x: number; readonly y: number }): Promise<void> {
    const { x, y } = await centerOf(this.card(actionId).getByRole('heading'));
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + by.x, y + by.y, { steps: 8 });
    await this.page.mouse.up();
  }

  /** The edge between two actions. */
  edge(from: string, to: string): Locator {
    return this.page.getByLabel(`Edge from ${from} to ${to}`, { exact: true });
  }

  /** Clicks the middle of an edge, as a person does to select it. */
  async selectEdge(from: string, to: string): Promise<void> {
    const { x, y } = await middleOf(this.edge(from, to));
    await this.page.mouse.click(x, y);
  }

  /** The panel below the canvas. */
  get dock(): Locator {
    return this.page.getByRole('region', { name: 'Run dock' });
  }

  /** Shows a side of the run dock, which must be open. */
  async openDockTab(name: string): Promise<void> {
    await this.dock.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
  }

  /** A field of the inspector that takes a template. */
  templateField(name: string): Locator {
    return this.page.getByRole('textbox', { name, exact: true });
  }

  /** Makes the simulator misbehave for one definition; null heals it. */
  async setFault(definitionId: string, fault: SimulatorFault | null): Promise<void> {
    const address = `${this.baseUrl}/api/simulator/faults/${encodeURIComponent(definitionId)}`;
    const answer = await this.page.request.put(address, { data: { fault } });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** Says that a test brings about this error itself, for example an answer 409 that the browser logs. */
  allowErrors(pattern: RegExp): void {
    this.allowedErrors.push(pattern);
  }

  /** Fails on any uncaught error, console error or breach of the content policy since {@link attach}. */
  expectNoErrors(): void {
    const unexpected = this.errors.filter(
      ({ message }) => !this.allowedErrors.some((allowed) => allowed.test(message)),
    );
    expect(unexpected, 'what the page reported as wrong').toEqual([]);
  }
}

async function centerOf(locator: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error(`${locator} is not on the page`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** The middle of a drawn line; the box of a level line has no height, so it cannot be clicked by itself. */
async function middleOf(edge: Locator): Promise<{ readonly x: number; readonly y: number }> {
  await expect(edge).toBeAttached();
  return edge
    .locator('path')
    .first()
    .evaluate((element) => {
      const path = element as SVGPathElement;
      const { x, y } = path.getPointAtLength(path.getTotalLength() / 2);
      const { x: screenX, y: screenY } = new DOMPoint(x, y).matrixTransform(path.getScreenCTM() ?? undefined);
      return { x: screenX, y: screenY };
    });
}

const escapeForRegExp = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
