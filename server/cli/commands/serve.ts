import { serveFromArguments } from '@/server/main';

/** Serves the designer until a signal stops it. Next leaves timers behind, so the exit is said aloud. */
export async function serve(args: readonly string[]): Promise<never> {
  process.exit(await serveFromArguments(args));
}
