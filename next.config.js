import { fileURLToPath } from 'node:url';

const projectDir = fileURLToPath(new URL('.', import.meta.url));

/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  devIndicators: false,
  // `next dev` would otherwise write into AGENTS.md.
  agentRules: false,
  allowedDevOrigins: ['127.0.0.1', 'localhost'],
  // `npm run types` checks all types; whoever starts a release need not wait for that again.
  typescript: { ignoreBuildErrors: true },
  turbopack: {
    root: projectDir,
    resolveAlias: {
      // lang-jinja highlights what surrounds a template as HTML; our fields hold plain text, and the stub saves 60 KB.
      '@codemirror/lang-html': './components/template-field/lang-html-stub.ts',
    },
  },
};
