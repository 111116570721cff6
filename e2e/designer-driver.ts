import { expect, type Page } from '@playwright/test';
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

  /** Only code that runs in the browser sets this mark: the server's HTML alone never has it. */
  async waitUntilHydrated(): Promise<void> {
    await expect(this.page.locator('main[data-hydrated="true"]')).toBeVisible();
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
