import { describe, expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import type { Problem, Severity } from '@/lib/problems/problem';
import { countProblems, groupProblems } from './problem-groups';

const problem = (action: string | null, severity: Severity, message: string): Problem => ({
  code: 'schema',
  severity,
  message,
  path: '',
  ...(action === null ? {} : { action: action as ActionId }),
});

const PROBLEMS = [
  problem(null, 'info', 'chain'),
  problem('b', 'warning', 'b1'),
  problem('b', 'error', 'b2'),
  problem('a', 'info', 'a1'),
  problem('a', 'error', 'a2'),
  problem('a', 'error', 'a3'),
];

const shown = (only: Severity | null) =>
  groupProblems(PROBLEMS, only).map(({ action, problems }) => [action, ...problems.map(({ message }) => message)]);

describe('the list of problems', () => {
  it('has the gravest of each action first, and keeps the order of actions and of equals', () => {
    expect(shown(null)).toEqual([
      [null, 'chain'],
      ['b', 'b2', 'b1'],
      ['a', 'a2', 'a3', 'a1'],
    ]);
  });

  it('has those of one severity alone, and no action without any', () => {
    expect(shown('warning')).toEqual([['b', 'b1']]);
  });

  it('is counted by severity', () => {
    expect(countProblems(PROBLEMS)).toEqual({ error: 3, warning: 1, info: 2 });
  });
});
