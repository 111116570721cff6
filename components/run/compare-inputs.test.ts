import { describe, expect, it } from 'vitest';
import { fromPlain } from '@/lib/json/value';
import { compareInputs, INPUT_ROWS_MAX } from './compare-inputs';

describe('compareInputs', () => {
  it('sets every leaf beside what was sent for it', () => {
    const template = fromPlain({ id: '{{ a.id }}', tags: ['x', '{{ a.tag }}'], all: '{{ a }}' });
    const sent = fromPlain({ id: 'C-1', tags: ['x', 'y'], all: { id: 'C-1' } });
    expect(compareInputs(template, sent)).toEqual([
      { pointer: '/id', template: '{{ a.id }}', resolved: 'C-1' },
      { pointer: '/tags/0', template: 'x', resolved: 'x' },
      { pointer: '/tags/1', template: '{{ a.tag }}', resolved: 'y' },
      { pointer: '/all', template: '{{ a }}', resolved: fromPlain({ id: 'C-1' }) },
    ]);
  });

  it('keeps the templates of a call that never left', () => {
    expect(compareInputs(fromPlain({ id: '{{ a.id }}' }), undefined)).toEqual([
      { pointer: '/id', template: '{{ a.id }}', resolved: undefined },
    ]);
  });

  it('shows empty containers as leaves', () => {
    const empty = fromPlain({ list: [] });
    expect(compareInputs(empty, empty).map((row) => row.pointer)).toEqual(['/list']);
  });

  it('stops at its limit', () => {
    const many = Array.from({ length: 5000 }, (_, i) => i);
    expect(compareInputs(many.map(String), undefined)).toHaveLength(INPUT_ROWS_MAX);
  });
});
