import type { ExitCode } from './exit-codes';

/** Ends a command with a sentence on stderr and an exit code: something that the caller has to change. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode) {
    super(message);
    this.exitCode = exitCode;
  }
}
