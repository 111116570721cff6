import type { Metadata } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Providers } from './providers';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Chainwright', template: '%s · Chainwright' },
  description: 'Draw, check, run and export chains of NICE CXone Data Actions.',
};

/** Runs before the first paint, so that a dark screen never flashes white. */
const CHOOSE_THEME = `(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    let wish = null;
    try { wish = localStorage.getItem('chainwright.theme'); } catch {}
    document.documentElement.dataset.theme = wish === 'dark' || wish === 'light' ? wish : dark.matches ? 'dark' : 'light';
  };
  apply();
  dark.addEventListener('change', apply);
  addEventListener('storage', apply);
  addEventListener('chainwright:theme', apply);
})();`;

export default async function RootLayout({ children }: { readonly children: ReactNode }) {
  // Reading a header makes every page dynamic, which the nonce of each request's policy needs.
  const policy = (await headers()).get('content-security-policy') ?? '';
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1];
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant, which must run before the first paint */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: CHOOSE_THEME }} />
      </head>
      <body>
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
