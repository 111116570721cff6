import type { Page } from '@playwright/test';

/** One thing that a page said is wrong: an uncaught error, a line on the console, or a breach of the content policy. */
export interface PageError {
  readonly type: 'uncaught' | 'console' | 'policy';
  readonly message: string;
}

declare global {
  interface Window {
    reportPolicyViolation: (message: string) => void;
  }
}

/**
 * Collects everything a page reports as wrong from now on, over all its loads. Warnings of React and React Flow count:
 * they are printed as console errors or warnings that name the library.
 */
export async function collectPageErrors(page: Page): Promise<readonly PageError[]> {
  const errors: PageError[] = [];
  page.on('pageerror', (error) => errors.push({ type: 'uncaught', message: error.stack ?? error.message }));
  page.on('console', (message) => {
    const isError = message.type() === 'error' || (message.type() === 'warning' && /react/i.test(message.text()));
    if (isError) errors.push({ type: 'console', message: `${message.text()} (${message.location().url})` });
  });
  await page.exposeFunction('reportPolicyViolation', (message: string) => errors.push({ type: 'policy', message }));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.reportPolicyViolation(`${event.violatedDirective} refused ${event.blockedURI} at ${event.sourceFile}`);
    });
  });
  return errors;
}
