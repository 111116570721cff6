import { printAuditLines } from '@/lib/run/audit-line';
import type { RunEvent } from '@/lib/run/events';
import type { RunState } from '@/lib/run/reduce-run';
import { toPrintableJson } from './printable';

/** Told of every batch of events, with the state after it. */
export interface Progress {
  readonly show: (events: readonly RunEvent[], state: RunState) => void;
  /** The last word; nothing is shown any more. */
  readonly end: () => void;
}

/** Audit lines: one JSON object a line. */
export const createLineProgress = (write: (text: string) => void): Progress => ({
  show: (events) => {
    for (const event of events) {
      for (const line of printAuditLines(event)) write(`${toPrintableJson(line)}\n`);
    }
  },
  end: () => undefined,
});
