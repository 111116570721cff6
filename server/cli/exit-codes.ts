import type { FinalRunStatus } from '@/lib/run/events';

/** What the exit codes of every command mean; scripts rely on them. */
export const EXIT = {
  completed: 0,
  failed: 1,
  usage: 2,
  invalidDocument: 3,
  noConnection: 4,
  interrupted: 5,
  deadline: 6,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The exit code of a run's end. `areFailuresAllowed` is about failures that the chain itself lives with. */
export function exitCodeOf(status: FinalRunStatus, areFailuresAllowed: boolean): ExitCode {
  switch (status) {
    case 'completed':
      return EXIT.completed;
    case 'completed_with_failures':
      return areFailuresAllowed ? EXIT.completed : EXIT.failed;
    case 'failed':
      return EXIT.failed;
    case 'timed_out':
      return EXIT.deadline;
    case 'cancelled':
    case 'interrupted':
      return EXIT.interrupted;
  }
}
