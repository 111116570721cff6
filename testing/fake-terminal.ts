import type { Terminal } from '@/server/cli/terminal';

export interface FakeTerminal {
  readonly terminal: Terminal;
  /** What has gone to stdout and to stderr so far. */
  readonly out: () => string;
  readonly err: () => string;
}

/** The world around a command of the command line, without a process of its own. */
export function createFakeTerminal(given: {
  readonly folder: string;
  readonly env?: Terminal['env'];
  readonly stdin?: string;
  readonly isOutTerminal?: boolean;
}): FakeTerminal {
  const { folder, env = {}, stdin = '', isOutTerminal = false } = given;
  let out = '';
  let error = '';
  return {
    terminal: {
      env,
      folder,
      isOutTerminal,
      writeOut: async (text) => {
        out += text;
      },
      writeError: (text) => {
        error += text;
      },
      size: () => null,
      async *stdin() {
        yield new TextEncoder().encode(stdin);
      },
    },
    out: () => out,
    err: () => error,
  };
}
