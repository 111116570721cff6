import { expect, type Page, test } from '@playwright/test';
import { printChain } from '@/lib/chain/print-chain';
import { exampleWorkbench } from '@/lib/exchange/example-chain';
import { type AppServer, startApp } from './app-server';
import { DesignerDriver } from './designer-driver';

/** What every page's policy says besides its script sources. */
const DIRECTIVES = [
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
];

for (const mode of ['production', 'development'] as const) {
  test.describe(`the seams of Next in ${mode}`, () => {
    let app: AppServer;
    test.beforeAll(async () => {
      app = await startApp({ mode });
    });
    test.afterAll(async () => {
      await app.stop();
    });

    test('the page hydrates, and nothing breaks its content policy', async ({ page }) => {
      // Development compiles a page when it is first asked for.
      test.setTimeout(200_000);
      const designer = await DesignerDriver.attach(page, app.baseUrl);
      await page.goto(app.baseUrl, { timeout: 90_000 });
      await designer.waitUntilHydrated(90_000);
      await page.waitForLoadState('networkidle');
      designer.expectNoErrors();
    });

    test('the page opens /ws on the same port', async ({ page }) => {
      await page.goto(app.baseUrl);
      expect(await openSocket(page, '/ws')).toBe('open');
    });

    test('any other path refuses an upgrade', async ({ page }) => {
      await page.goto(app.baseUrl);
      expect(await openSocket(page, '/other')).toBe('refused');
    });

    test('the response carries the security headers, with a nonce of its own each time', async ({ request }) => {
      const [first, second] = [await request.get(app.baseUrl), await request.get(app.baseUrl)];
      const policy = first.headers()['content-security-policy'] ?? '';
      const scripts = /script-src ([^;]*)/.exec(policy)?.[1] ?? '';
      expect(scripts).toMatch(/^'self' 'nonce-[A-Za-z0-9+/=_-]{16,}' 'strict-dynamic'/);
      expect(scripts.includes("'unsafe-eval'")).toBe(mode === 'development');
      expect(scripts).not.toContain("'unsafe-inline'");
      const directives = policy.split(';').map((directive) => directive.trim());
      expect(directives).toEqual(expect.arrayContaining(DIRECTIVES));
      expect(second.headers()['content-security-policy']).not.toBe(policy);

      expect(first.headers()['x-content-type-options']).toBe('nosniff');
      expect(first.headers()['referrer-policy']).toBeTruthy();
      expect(first.headers()['x-powered-by']).toBeUndefined();
    });
  });
}

test('Ctrl-C ends the server with exit code 0 and without a stack trace', async () => {
  const app = await startApp();
  expect(await app.stop()).toBe(0);
  expect(app.output()).not.toMatch(/^\s+at .+:\d+:\d+/m);
});

test('a Ctrl-C that npm passes on as well lets a call in flight return', async ({ request }) => {
  const app = await startApp();
  const fault = { type: 'slow', delayMs: 1500 };
  await request.put(`${app.baseUrl}/api/simulator/faults/your-definition-id-1`, { data: { fault } });
  const started = await request.post(`${app.baseUrl}/api/runs`, {
    data: {
      documentText: printChain(exampleWorkbench().chain),
      inputText: '{"account_id":"12345"}',
      chainId: null,
      connectionId: null,
      request: { type: 'all' },
    },
  });
  expect(started.ok(), await started.text()).toBe(true);
  expect(await app.stop({ isDoubled: true })).toBe(0);
});

/** Opens a WebSocket from within the page, under its policy and with its origin. */
async function openSocket(page: Page, path: string): Promise<'open' | 'refused'> {
  return page.evaluate(
    (socketPath) =>
      new Promise<'open' | 'refused'>((resolve) => {
        const socket = new WebSocket(`ws://${location.host}${socketPath}`);
        socket.onopen = () => {
          socket.close();
          resolve('open');
        };
        socket.onerror = () => resolve('refused');
      }),
    path,
  );
}
