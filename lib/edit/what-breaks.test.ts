import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dependenciesOf } from '@/lib/chain/chain';
import { workbenchOf } from '@/lib/chain/workbench';
import { findChainProblems, NOTHING_KNOWN } from '@/lib/problems/find-problems';
import { chainFrom, chainOf, toActionIds as ids, withAction } from '@/testing/chain-builder';
import { fuzzRuns } from '@/testing/fuzz-runs';
import { applyEdit } from './apply-edit';
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

  it('lists exactly the templates that read nothing any more once the deletion is made, healed or not (property)', () => {
    const names = ids('a b c d e f');
    const reads = fc.array(fc.tuple(fc.nat(5), fc.array(fc.nat(5), { maxLength: 3 })), { maxLength: 8 });
    const rows = fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 10 });
    fc.assert(
      fc.property(
        rows,
        reads,
        fc.subarray([...names], { minLength: 1 }),
        fc.boolean(),
        (edges, readers, gone, heal) => {
          const drawn = chainOf(
            names.join(' '),
            ...edges.filter(([a, b]) => a < b).map(([a, b]) => `${names[a]}>${names[b]}`),
          );
          const reading = readers.reduce((made, [reader, read]) => {
            const inputs = { list: [read.map((i) => `{{ ${names[i]}.x }}`).join(' '), 'a b'], own: '{{ input.x }}' };
            return withAction(made, names[reader]!, { inputs, when: `{{ ${names[read[0] ?? reader]}.ok }}` });
          }, drawn);
          const broken = findBroken(reading, gone);
          const deleted = applyEdit(workbenchOf(reading), { type: 'delete-actions', ids: gone, healEdges: heal });
          if (!deleted.ok) throw new Error(deleted.error.message);
          const { chain: after } = deleted.value.workbench;
          const unknown = findChainProblems(after, NOTHING_KNOWN).filter(({ code }) => code === 'reference_unknown');
          const paths = (list: readonly string[]) => [...new Set(list)].sort();
          expect(paths(broken.flatMap((one) => one.reads.map(({ path }) => path)))).toEqual(
            paths(unknown.map(({ path }) => path)),
          );
          for (const [id, action] of after.actions) {
            const lost = dependenciesOf(reading.actions.get(id)!).filter((dependency) => gone.includes(dependency));
            expect(broken.find((one) => one.id === id)?.dependsOn ?? []).toEqual(lost);
            for (const dependency of dependenciesOf(action)) expect(gone).not.toContain(dependency);
          }
        },
      ),
      { numRuns: fuzzRuns(100) },
    );
  });

  it('finds nothing where nobody waits or reads', () => {
    expect(findBroken(chain, ids('c d'))).toEqual([]);
    expect(findBroken(chain, [])).toEqual([]);
  });
});
