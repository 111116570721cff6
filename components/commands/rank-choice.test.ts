import { describe, expect, it } from 'vitest';
import { COMMANDS } from './command-table';
import { type Rankable, rankChoice } from './rank-choice';

const best = (search: string, others: readonly Rankable[] = []): string =>
  [...COMMANDS, ...others]
    .map((choice) => ({ label: choice.label, rank: rankChoice(choice, search) }))
    .sort((a, b) => b.rank - a.rank)[0]!.label;

describe('rankChoice', () => {
  it('puts the command first whose words a person types', () => {
    const beside = [
      { label: 'explain_report', group: 'Go to action' },
      { label: 'remap_account', group: 'Go to action' },
    ];
    for (const [search, label] of [
      ['export', 'Export the chain'],
      ['map', 'Map definitions to those of the connection'],
      ['undo', 'Undo'],
      ['redo', 'Redo'],
      ['import', 'Import chains, definitions and more'],
      ['tidy', 'Tidy up the cards'],
      ['run chain', 'Run the chain'],
    ]) {
      expect([search, best(search!, beside)]).toEqual([search, label]);
    }
  });

  it('finds fixes by their group, and actions by a word within their id', () => {
    const fix = { label: 'Connect A to B', group: 'Fixes', hint: 'B reads A' };
    expect(best('fix', [fix, { label: 'prefix', group: 'Go to action' }])).toBe('Connect A to B');
    expect(best('customer', [{ label: 'fetch_customer', group: 'Go to action' }])).toBe('fetch_customer');
  });

  it('leaves out what has nothing of the search', () => {
    expect(rankChoice({ label: 'Undo', hint: 'a step' }, 'xyz')).toBe(0);
  });
});
