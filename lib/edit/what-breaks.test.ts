import { describe, expect, it } from 'vitest';
import { chainFrom, toActionIds as ids } from '@/testing/chain-builder';
import { findBroken } from './what-breaks';

const chain = chainFrom({
  actions: {
    a: { definition_id: 'd' },
    b: { definition_id: 'd', depends_on: ['a'] },
    c: {
      definition_id: 'd',
      depends_on: ['b'],
      when: '{{ a.ok }}',
      inputs: { 'x/y': ['{{ a.x }} {{ a.y }} {{ b.x }}'] },
    },
    d: { definition_id: 'd', inputs: { text: 'a and b' } },
  },
});

describe('findBroken', () => {
  it('lists who waits for a deleted action or reads it, and where', () => {
    expect(findBroken(chain, ids('a'))).toEqual([
      { id: 'b', dependsOn: ['a'], reads: [] },
      {
        id: 'c',
        dependsOn: [],
        reads: [
          { from: 'a', path: '/actions/c/when' },
          { from: 'a', path: '/actions/c/inputs/x~1y/0' },
        ],
      },
    ]);
  });

  it('leaves out what is deleted as well', () => {
    expect(findBroken(chain, ids('a c')).map(({ id }) => id)).toEqual(['b']);
    expect(findBroken(chain, ids('a b c'))).toEqual([]);
  });

  it('finds nothing where nobody waits or reads', () => {
    expect(findBroken(chain, ids('c d'))).toEqual([]);
    expect(findBroken(chain, [])).toEqual([]);
  });
});
