import { describe, expect, it } from 'vitest';
import { createAbortGroup } from './abort-group';

describe('createAbortGroup', () => {
  it('aborts every member but those that have left', () => {
    const group = createAbortGroup();
    const [kept, left] = [group.join(), group.join()];
    left.leave();
    group.abort();
    expect([kept.signal.aborted, left.signal.aborted, group.isAborted()]).toEqual([true, false, true]);
  });

  it('gives a signal that is aborted already to whoever joins too late', () => {
    const group = createAbortGroup();
    expect(group.isAborted()).toBe(false);
    group.abort();
    expect(group.join().signal.aborted).toBe(true);
  });
});
