import { expect, it } from 'vitest';
import { chainFrom } from '@/testing/chain-builder';
import { findChainProblems, NOTHING_KNOWN } from './find-problems';

const fields = (count: number, template: string) =>
  chainFrom({ actions: { a: { definition_id: 'd' }, b: { definition_id: 'd', inputs: Array(count).fill(template) } } });

it('lists 20,000 problems at most, and says how many errors are left out', () => {
  const found = findChainProblems(fields(30_000, '{{ nobody }}'), NOTHING_KNOWN);
  expect(found).toHaveLength(20_000);
  expect(found[0]).toMatchObject({
    code: 'limit',
    severity: 'error',
    message: '10001 more problems are not listed; mend these first.',
  });
  expect(found[1]).toMatchObject({ code: 'reference_unknown', path: '/actions/b/inputs/0' });
});

it('leaves out infos before errors, and then needs no word about it', () => {
  const chain = chainFrom({
    actions: {
      a: { definition_id: 'd', inputs: Array(30_000).fill('line\r\n') },
      b: { definition_id: 'd', inputs: ['{{ nobody }}'] },
    },
  });
  const found = findChainProblems(chain, NOTHING_KNOWN);
  expect(found.at(-1)).toMatchObject({ code: 'reference_unknown', action: 'b' });
  expect(found.filter(({ severity }) => severity === 'error')).toHaveLength(1);
  expect(found.length).toBeLessThan(20_000);
});
