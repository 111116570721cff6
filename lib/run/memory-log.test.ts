import { expect, it } from 'vitest';
import { TEST_RUN_ID } from '@/testing/plan-builder';
import { describeRunLog } from '@/testing/run-log-contract';
import type { RunEvent } from './events';
import { createMemoryLog } from './memory-log';

describeRunLog('the log in memory', (plan) => createMemoryLog(plan.runId, () => 1_000));

it('tells its listener of each batch once it is recorded', async () => {
  const told: (readonly RunEvent[])[] = [];
  const log = createMemoryLog(
    TEST_RUN_ID,
    () => 7,
    (events) => told.push(events),
  );
  const appended = await log.append([{ type: 'run.taken-over' }, { type: 'run.cancel-requested' }]);
  expect(told).toEqual([appended]);
});

it('throws when asked for a body that it never kept', async () => {
  const log = createMemoryLog(TEST_RUN_ID, () => 7);
  const unknown = { type: 'stored', sha256: 'f'.repeat(64), sizeBytes: 9000, preview: '' } as const;
  await expect(log.load(unknown)).rejects.toThrow('never kept');
});
