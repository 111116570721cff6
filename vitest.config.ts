import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

/** `--mode long` tries every property many times as often, with time to match. */
const LONG_FACTOR = 30;

export default defineConfig(({ mode }) => ({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '') } },
  test: {
    include: ['{lib,server,components,testing,scripts}/**/*.test.{ts,tsx}'],
    environment: 'node',
    env: { FUZZ_FACTOR: String(mode === 'long' ? LONG_FACTOR : 1) },
    testTimeout: mode === 'long' ? 1_200_000 : 20_000,
  },
}));
