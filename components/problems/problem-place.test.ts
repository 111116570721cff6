import { expect, it } from 'vitest';
import type { ActionId } from '@/lib/chain/ids';
import { messageWithinAction, pointerBelowAction } from './problem-place';

const action = 'enrich_data' as ActionId;

it('gives the place of a problem below its action', () => {
  expect(pointerBelowAction({ path: '/actions/a~1b/inputs/id' })).toBe('/inputs/id');
  expect(pointerBelowAction({ path: '/settings/retry' })).toBe('');
});

it.each([
  ['enrich_data, inputs.customer_id: x is not there.', 'x is not there.'],
  ['enrich_data: inputs.to is missing; it is required.', 'inputs.to is missing; it is required.'],
  [
    'enrich_data depends on aa, and there is no such action.',
    'enrich_data depends on aa, and there is no such action.',
  ],
  [
    'enrich_data, inputs.token may hold a credential: its key says so.',
    'enrich_data, inputs.token may hold a credential: its key says so.',
  ],
  ['enrich_data, when: nothing is called x here.', 'nothing is called x here.'],
  ['Another sentence: with a colon.', 'Another sentence: with a colon.'],
])('takes the place off a sentence that stands under it: %s', (message, expected) => {
  expect(messageWithinAction({ message, action })).toBe(expected);
});
