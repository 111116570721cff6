import { test as base } from '@playwright/test';
import { type AppServer, startApp } from './app-server';
import { DesignerDriver } from './designer-driver';

interface TestFixtures {
  /** Drives the page; after the test it fails on any error that the page reported. */
  readonly designer: DesignerDriver;
}

interface WorkerFixtures {
  /** The built application with a data folder of its own, shared by the tests of one worker. */
  readonly app: AppServer;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  app: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern.
    async ({}, use) => {
      const app = await startApp();
      await use(app);
      await app.stop();
    },
    { scope: 'worker' },
  ],
  designer: async ({ page, app }, use) => {
    const designer = await DesignerDriver.attach(page, app.baseUrl);
    await use(designer);
    designer.expectNoErrors();
  },
});

export { expect } from '@playwright/test';
