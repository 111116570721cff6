import type { RunId } from '@/lib/chain/ids';
import { type Body, toBody } from '@/lib/json/body';
import type { JsonText } from '@/lib/json/value';
import { invariant } from '@/lib/result';
import type { RunEvent } from './events';
import type { RunLog } from './ports';

/**
 * A run's log that lives as long as this object: for the browser, for tests, and for runs without a journal.
 *
 * @param nowMs wall clock that stamps the events.
 * @param onAppended told of each batch, in order, after it is recorded and before `append` resolves.
 */
export function createMemoryLog(
  runId: RunId,
  nowMs: () => number,
  onAppended: (events: readonly RunEvent[]) => void = () => {},
): RunLog {
  const events: RunEvent[] = [];
  const textBySha256 = new Map<string, JsonText>();

  return {
    read: async () => [...events],

    append: async (facts) => {
      const atMs = nowMs();
      const appended = facts.map((fact, i): RunEvent => ({ ...fact, runId, seq: events.length + 1 + i, atMs }));
      events.push(...appended);
      onAppended(appended);
      return appended;
    },

    keep: (text) => {
      const body = toBody(text);
      if (body.type === 'stored') textBySha256.set(body.sha256, text);
      return body;
    },

    load: async (body: Body) => {
      if (body.type === 'inline') return body.text;
      const text = textBySha256.get(body.sha256);
      invariant(text !== undefined, `the log of run ${runId} was asked for a body that it never kept`);
      return text;
    },
  };
}
