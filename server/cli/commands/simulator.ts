import { startSimulator } from '@/server/simulator/simulator';
import { CommandRefused } from '../command-refused';
import { EXIT, type ExitCode } from '../exit-codes';
import type { Terminal } from '../terminal';

export interface SimulatorCommandOptions {
  readonly port: number;
  readonly seed?: string;
  readonly latencyMs?: number;
}

/** Serves the simulator until the signal says stop; stdout gets the variables that point a client at it. */
export async function serveSimulator(
  options: SimulatorCommandOptions,
  terminal: Terminal,
  stop: AbortSignal,
): Promise<ExitCode> {
  const simulator = await startSimulator(options).catch((error: unknown) => {
    const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!isTaken) throw error;
    throw new CommandRefused(`Port ${options.port} is taken; choose another with --port.`, EXIT.usage);
  });
  await terminal.writeOut(
    `CXONE_BASE_URL=${simulator.baseUrl}\nCXONE_CLIENT_ID=${simulator.clientId}\nCXONE_CLIENT_SECRET=${simulator.clientSecret}\n`,
  );
  terminal.writeError(`The simulator listens at ${simulator.baseUrl}. Ctrl-C stops it.\n`);
  await new Promise<void>((resolve) => {
    if (stop.aborted) resolve();
    stop.addEventListener('abort', () => resolve(), { once: true });
  });
  await simulator.close();
  return EXIT.completed;
}
